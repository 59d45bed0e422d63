package dev.kapell.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EmptyDirVolumeSource;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSecurityContext;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeMount;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.control.cache.Caches;
import dev.kapell.host.mount.Mounts;
import dev.kapell.node.config.ConfigFailure;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.volume.ContainerFiles;
import dev.kapell.node.volume.PodVolumes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of volumes on this machine's own file systems. */
final class SubPathTest {
  private static final Volume SCRATCH =
      Volume.builder().name("scratch").emptyDir(EmptyDirVolumeSource.EMPTY).build();

  @TempDir private Path data;
  private final Mounts mounts = Mounts.ofThisMachine();
  private final MemoryApi api = new MemoryApi();
  private final Caches caches = new Caches(api, Clock.system());
  private PodVolumes volumes;
  private ContainerFiles files;
  private Path scratch;

  @BeforeEach
  void makesAPodsVolume() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: mounts need root");
    volumes =
        new PodVolumes(
            mounts, new ApiSources(api, caches.of(Types.SERVICE), Clock.system()), Clock.system());
    files = new ContainerFiles(volumes, mounts);
    volumes.mount(pod("a"));
    scratch = data.resolve("pods/u/volumes/scratch");
    Files.createDirectories(scratch.resolve("a/b"));
    Files.writeString(scratch.resolve("a/b/inside"), "x");
  }

  @AfterEach
  void leavesNothing() {
    mounts.unmountBelow(data);
    caches.close();
  }

  private PodFacts pod(String sub) {
    Container app =
        Container.builder()
            .name("app")
            .volumeMounts(
                List.of(VolumeMount.builder().name("scratch").mountPath("/s").subPath(sub).build()))
            .build();
    Pod pod =
        Pod.EMPTY
            .withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName("p").withUid("u"))
            .withSpec(
                PodSpec.EMPTY
                    .withContainers(List.of(app))
                    .withVolumes(List.of(SCRATCH))
                    .withSecurityContext(PodSecurityContext.EMPTY.withFsGroup(2000L)));
    PodFacts.NodeFacts node =
        new PodFacts.NodeFacts(
            "n1", List.of(), List.of(), "cluster.local", 1000, 1L << 30, "/kubepods", Set.of());
    return new PodFacts(pod, List.of(), node, data.resolve("pods/u"), data.resolve("logs"));
  }

  /** What is bound to {@code /s} of the container. */
  private Path source(String sub) throws IOException {
    PodFacts pod = pod(sub);
    return Path.of(
        files
            .mounts(pod, pod.pod().spec().containers().getFirst(), 0, Map.of())
            .getFirst()
            .hostPath());
  }

  @Test
  void aLinkThatComesAfterTheLookDoesNotChangeWhatIsMounted() throws IOException {
    Path source = source("a/b");
    Files.move(scratch.resolve("a"), scratch.resolve("moved"));
    Files.createSymbolicLink(scratch.resolve("a"), Path.of("/"));
    assertThat(source.resolve("inside")).hasContent("x");
  }

  @Test
  void aMissingFolderIsMadeLikeTheVolumeAndAnotherAttemptGetsTheSame() throws IOException {
    Files.writeString(source("new/one").resolve("f"), "first");
    assertThat(scratch.resolve("new/one/f")).hasContent("first");
    assertThat((int) Files.getAttribute(scratch.resolve("new/one"), "unix:mode") & 07777)
        .isEqualTo(02777);
    assertThat(Files.getAttribute(scratch.resolve("new/one"), "unix:gid")).isEqualTo(2000);
    assertThat(source("new/one").resolve("f")).hasContent("first");
    assertThat(mounts.below(data)).hasSize(1);
    assertThat(source("new/one/f")).as("a file where a folder was").hasContent("first");
    assertThat(mounts.below(data)).hasSize(1);
    assertThatThrownBy(() -> source("../other")).isInstanceOf(ConfigFailure.class);
  }

  @Test
  void theVolumeOutlivesItsPartsAndNothingIsLeftOfThePod() throws IOException {
    source("a");
    mounts.unmountBelow(data);
    assertThat(scratch.resolve("a/b/inside")).hasContent("x");
    source("a");
    volumes.release(pod("a"));
    assertThat(mounts.below(data)).isEmpty();
    assertThat(data.resolve("pods/u")).doesNotExist();
  }

  /** Moves, and in the way there may be an empty folder that the node has made meanwhile. */
  private static void replace(Path from, Path to) throws IOException {
    for (boolean moved = false; !moved; ) {
      Files.deleteIfExists(to);
      try {
        Files.move(from, to);
        moved = true;
      } catch (FileSystemException e) {
        moved = false;
      }
    }
  }

  /** A container of the pod makes the part a link to the machine's root and back, all the time. */
  @Test
  void aRacingContainerNeverGetsAPathOfTheHostMounted() throws Exception {
    Path swapped = scratch.resolve("a");
    Path aside = scratch.resolve("aside");
    Path link = Files.createSymbolicLink(scratch.resolve("link"), Path.of("/"));
    AtomicBoolean over = new AtomicBoolean();
    Thread swapping =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!over.get()) {
                      Files.move(swapped, aside);
                      replace(link, swapped);
                      Files.move(swapped, link);
                      replace(aside, swapped);
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    int mounted = 0;
    int refused = 0;
    try {
      while (mounted + refused < 5_000) {
        try {
          Path source = source("a");
          try (Stream<Path> found = Files.list(source)) {
            assertThat(found.map(Path::getFileName).map(Path::toString))
                .as("after %s mounts", mounted)
                .isSubsetOf("b");
          }
          mounted++;
        } catch (ConfigFailure e) {
          refused++;
        }
      }
    } finally {
      over.set(true);
      swapping.join();
    }
    assertThat(mounted).as("mounts; %s were refused", refused).isPositive();
    assertThat(refused).as("refusals; %s were mounted", mounted).isPositive();
  }
}
