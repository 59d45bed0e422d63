package dev.kapell.host.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxMountsTest {
  @TempDir Path directory;
  private final Mounts mounts = Mounts.ofThisMachine();

  @BeforeEach
  void needsRoot() {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: mounts need root");
  }

  @AfterEach
  void unmountsAll() {
    mounts.unmountBelow(directory);
  }

  @Test
  void aTmpfsHasItsSizeAndModeAndGoesAway() throws Exception {
    Path target = Files.createDirectory(directory.resolve("with space"));
    mounts.tmpfs(target, 1 << 20, 0777);
    assertThat(mounts.isMountPoint(target)).isTrue();
    assertThat(Files.getFileStore(target).getTotalSpace()).isEqualTo(1 << 20);
    assertThat(Files.getPosixFilePermissions(target)).hasSize(9);
    mounts.unmount(target);
    assertThat(mounts.isMountPoint(target)).isFalse();
    mounts.unmount(target);
  }

  @Test
  void aBindShowsTheSourceAndMayBeReadOnly() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "content");
    Path target = Files.createDirectory(directory.resolve("target"));
    mounts.bind(source, target, true);
    assertThat(target.resolve("file")).hasContent("content");
    assertThatThrownBy(() -> Files.writeString(target.resolve("other"), "x"))
        .hasMessageContaining("Read-only");
    assertThat(mounts.below(directory))
        .singleElement()
        .satisfies(mount -> assertThat(mount.readOnly()).isTrue());
  }

  @Test
  void stackedAndNestedMountsAllGo() throws Exception {
    Path outer = Files.createDirectory(directory.resolve("outer"));
    mounts.tmpfs(outer, 0, 0755);
    mounts.tmpfs(Files.createDirectory(outer.resolve("inner")), 0, 0755);
    mounts.tmpfs(outer, 0, 0755);
    assertThat(mounts.below(directory)).hasSize(3);
    mounts.unmountBelow(directory);
    assertThat(mounts.below(directory)).isEmpty();
  }

  @Test
  void theFolderItselfStaysMountedWhenAllInItGoes() throws Exception {
    mounts.tmpfs(directory, 0, 0755);
    Path inner = Files.createDirectory(directory.resolve("inner"));
    mounts.tmpfs(inner, 0, 0755);
    mounts.unmountBelow(directory);
    assertThat(mounts.inside(directory)).isEmpty();
    assertThat(mounts.isMountPoint(directory)).isTrue();
    mounts.unmount(directory);
  }

  /** A shared tree, as the root of most machines is. */
  private Path shared() throws Exception {
    Path source = Files.createDirectory(directory.resolve("shared"));
    mounts.tmpfs(source, 0, 0755);
    int errno = new MountCalls().mount("none", source, "none", 1 << 20, "");
    assertThat(errno).isZero();
    return source;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTreeIsShownWithItsMountsAndTakesNoneAlongWhenItGoes(boolean bothWays) throws Exception {
    Path source = shared();
    Path early = Files.createDirectory(source.resolve("early"));
    mounts.tmpfs(early, 0, 0755);
    Files.writeString(early.resolve("file"), "early");
    Path late = Files.createDirectory(source.resolve("late"));
    Path back = Files.createDirectory(source.resolve("back"));
    Path target = Files.createDirectory(directory.resolve("target"));

    mounts.bindTree(source, target, bothWays);
    assertThat(target.resolve("early/file")).hasContent("early");
    mounts.tmpfs(late, 0, 0755);
    assertThat(mounts.isMountPoint(target.resolve("late"))).as("comes along").isTrue();
    mounts.tmpfs(target.resolve("back"), 0, 0755);
    assertThat(mounts.isMountPoint(back)).as("goes back").isEqualTo(bothWays);

    mounts.unmountTree(target);
    assertThat(mounts.below(target)).isEmpty();
    assertThat(mounts.isMountPoint(early)).as("early").isTrue();
    assertThat(mounts.isMountPoint(late)).as("late").isTrue();
    assertThat(mounts.isMountPoint(back)).as("back").isEqualTo(bothWays);
  }

  @Test
  void alsoTheUnmountOfOneTakesNothingAlong() throws Exception {
    Path source = shared();
    Path early = Files.createDirectory(source.resolve("early"));
    mounts.tmpfs(early, 0, 0755);
    Path target = Files.createDirectory(directory.resolve("target"));
    mounts.bindTree(source, target, true);
    mounts.unmount(target);
    assertThat(mounts.below(target)).isEmpty();
    assertThat(mounts.isMountPoint(early)).isTrue();
  }

  @Test
  void aMountOnNothingIsRefused() {
    assertThatThrownBy(() -> mounts.tmpfs(directory.resolve("absent"), 0, 0755))
        .isInstanceOfSatisfying(MountFailure.class, e -> assertThat(e.errno()).isEqualTo(2));
  }
}
