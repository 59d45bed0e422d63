package dev.kapell.node.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A volume is given to a group while its containers are at work in it. */
@EnabledIf(value = "isRoot", disabledReason = "giving files to a group needs root")
class OwnershipTest {
  private static final int GROUP = 4242;

  @TempDir private Path folder;
  private Path volume;
  private Path secret;

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  @BeforeEach
  void fill() throws IOException {
    volume = Files.createDirectories(folder.resolve("volume"));
    Path outside = Files.createDirectories(folder.resolve("outside"));
    secret = Files.writeString(outside.resolve("file"), "x");
    Files.setAttribute(secret, "unix:mode", 0600);
    Files.createDirectories(volume.resolve("a"));
    Files.writeString(volume.resolve("a/file"), "x");
    Files.createSymbolicLink(volume.resolve("link"), outside);
  }

  private static int attribute(Path path, String name) throws IOException {
    return (int) Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void everythingInItIsTheGroupsAndNothingBehindALink() throws IOException {
    Ownership.share(volume, GROUP, false);
    for (String path : new String[] {"", "a", "a/file"}) {
      assertThat(attribute(volume.resolve(path), "gid")).as(path).isEqualTo(GROUP);
    }
    assertThat(attribute(volume.resolve("a"), "mode") & 07777).isEqualTo(02775);
    assertThat(attribute(volume.resolve("a/file"), "mode") & 0060).isEqualTo(0060);
    assertThat(attribute(secret, "gid")).isZero();
  }

  @Test
  void aLinkPutInPlaceOfAFolderMeanwhileLeadsNowhere() throws Exception {
    Path away = volume.resolve("b");
    Path link = Files.createSymbolicLink(volume.resolve("c"), secret.getParent());
    AtomicBoolean over = new AtomicBoolean();
    Thread swapping = Thread.ofPlatform().start(() -> swap(volume.resolve("a"), away, link, over));
    try {
      for (int i = 0; i < 2000; i++) {
        Ownership.share(volume, GROUP, false);
        assertThat(attribute(secret, "gid")).isZero();
        assertThat(attribute(secret, "mode") & 07777).isEqualTo(0600);
      }
    } finally {
      over.set(true);
      swapping.join();
    }
  }

  /** By turns {@code place} is a folder and a link. */
  private static void swap(Path place, Path away, Path link, AtomicBoolean over) {
    try {
      while (!over.get()) {
        Files.move(place, away, StandardCopyOption.ATOMIC_MOVE);
        Files.move(link, place, StandardCopyOption.ATOMIC_MOVE);
        Files.move(place, link, StandardCopyOption.ATOMIC_MOVE);
        Files.move(away, place, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
