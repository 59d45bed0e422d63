package dev.kapell.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.LocalVolumeSource;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.NodeSelectorRequirement;
import dev.kapell.api.core.v1.NodeSelectorTerm;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimSpec;
import dev.kapell.api.core.v1.PersistentVolumeClaimVolumeSource;
import dev.kapell.api.core.v1.PersistentVolumeSpec;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeMount;
import dev.kapell.api.core.v1.VolumeNodeAffinity;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.storage.LocalStorage;
import dev.kapell.host.cgroup.SimulatedCgroups;
import dev.kapell.host.machine.SimulatedMachine;
import dev.kapell.host.mount.SimulatedMounts;
import dev.kapell.host.runtime.SimulatedRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of local volumes, from their first pod to their end. */
final class LocalVolumesTest {
  private static final String IMAGE = "kapell.local/toolbox:1";

  @TempDir private Path data;
  private final SimulatedRuntime runtime = new SimulatedRuntime(Clock.system());
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    runtime.images().add(IMAGE);
    cluster =
        new Cluster(
            new NodeOptions.Host(
                runtime,
                new SimulatedCgroups(),
                new SimulatedMounts(),
                new SimulatedMachine("n1", InetAddress.getLoopbackAddress(), 2, 4L << 30)),
            data);
    Waiting.present(
        () -> "no node that says where its volumes are",
        () ->
            cluster
                .api
                .find(Types.NODE, ObjectKey.cluster("n1"))
                .filter(n -> n.metadata().annotations().containsKey(LocalStorage.ROOT)));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aFolderIsMadeForAPodAndGoesBeforeItsVolume() throws Exception {
    Path folder = data.resolve("volumes").resolve("pv1_default_notes");
    cluster.api.create(Types.PERSISTENT_VOLUME, volume("pv1", folder, "Delete"));
    cluster.api.create(Types.PERSISTENT_VOLUME_CLAIM, claim("notes", "pv1"));
    cluster.create("writer", using("notes"));
    cluster.await("writer", pod -> Cluster.condition(pod, "Ready"));
    assertThat(folder).isDirectory();
    assertThat((int) Files.getAttribute(folder, "unix:mode") & 0777).isEqualTo(0777);

    Files.writeString(folder.resolve("book"), "written");
    assertThat(letGo("pv1").metadata().finalizers()).isEmpty();
    assertThat(folder).doesNotExist();
  }

  @Test
  void whatIsRetainedStays() throws Exception {
    Path folder = Files.createDirectories(data.resolve("volumes").resolve("pv2_default_notes"));
    cluster.api.create(Types.PERSISTENT_VOLUME, volume("pv2", folder, "Retain"));
    assertThat(letGo("pv2").metadata().finalizers()).isEmpty();
    assertThat(folder).isDirectory();
  }

  @Test
  void aFolderThatIsNotTheVolumesOwnStays() throws Exception {
    Path precious = Files.createDirectories(data.resolve("precious"));
    cluster.api.create(Types.PERSISTENT_VOLUME, volume("pv3", precious, "Delete"));
    assertThat(letGo("pv3").metadata().finalizers()).isEmpty();
    assertThat(precious).isDirectory();
  }

  private PersistentVolume letGo(String name) throws InterruptedException {
    PersistentVolume volume = cluster.api.get(Types.PERSISTENT_VOLUME, ObjectKey.cluster(name));
    cluster.api.update(
        Types.PERSISTENT_VOLUME,
        volume.withMetadata(volume.metadata().withDeletionTimestamp(Clock.system().now())));
    return Waiting.present(
        () -> name + " is held",
        () ->
            Optional.of(cluster.api.get(Types.PERSISTENT_VOLUME, ObjectKey.cluster(name)))
                .filter(each -> each.metadata().finalizers().isEmpty()));
  }

  private static PodSpec using(String claim) {
    return PodSpec.EMPTY
        .withContainers(
            List.of(
                Cluster.container("app", IMAGE, "sleep", "3600")
                    .withVolumeMounts(
                        List.of(VolumeMount.builder().name("data").mountPath("/data").build()))))
        .withVolumes(
            List.of(
                Volume.builder()
                    .name("data")
                    .persistentVolumeClaim(
                        PersistentVolumeClaimVolumeSource.builder().claimName(claim).build())
                    .build()));
  }

  private static PersistentVolumeClaim claim(String name, String volume) {
    PersistentVolumeClaim claim =
        PersistentVolumeClaim.builder()
            .metadata(ObjectMeta.builder().namespace("default").name(name).build())
            .spec(PersistentVolumeClaimSpec.builder().volumeName(volume).build())
            .build();
    return claim.withStatus(claim.status().withPhase("Bound"));
  }

  private static PersistentVolume volume(String name, Path folder, String policy) {
    NodeSelectorRequirement here =
        NodeSelectorRequirement.builder()
            .key("kubernetes.io/hostname")
            .operator("In")
            .values(List.of("n1"))
            .build();
    return PersistentVolume.builder()
        .metadata(
            ObjectMeta.builder()
                .name(name)
                .finalizers(List.of(LocalStorage.FINALIZER))
                .annotations(Map.of("pv.kubernetes.io/provisioned-by", LocalStorage.PROVISIONER))
                .build())
        .spec(
            PersistentVolumeSpec.builder()
                .persistentVolumeReclaimPolicy(policy)
                .local(LocalVolumeSource.builder().path(folder.toString()).build())
                .nodeAffinity(
                    VolumeNodeAffinity.builder()
                        .required(
                            NodeSelector.builder()
                                .nodeSelectorTerms(
                                    List.of(
                                        NodeSelectorTerm.builder()
                                            .matchExpressions(List.of(here))
                                            .build()))
                                .build())
                        .build())
                .build())
        .build();
  }
}
