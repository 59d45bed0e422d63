package dev.kapell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimSpec;
import dev.kapell.api.core.v1.PersistentVolumeClaimVolumeSource;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeMount;
import dev.kapell.api.core.v1.VolumeResourceRequirements;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.storage.LocalStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A claim from its first pod to the end of its folder: provisioner, scheduler, agent together. */
@KapellTest(nodes = 2)
class LocalVolumesTest {
  @Test
  void aClaimLeadsToAFolderOfThePodsNodeAndBack(TestCluster cluster) throws Exception {
    Client client = cluster.client();
    client.create(Types.PERSISTENT_VOLUME_CLAIM, claim());
    Pod sample = Samples.pod("writer", "Always");
    client.create(
        Types.POD,
        sample.withSpec(
            sample
                .spec()
                .withContainers(
                    List.of(
                        sample
                            .spec()
                            .containers()
                            .getFirst()
                            .withVolumeMounts(
                                List.of(
                                    VolumeMount.builder()
                                        .name("notes")
                                        .mountPath("/notes")
                                        .build()))))
                .withVolumes(
                    List.of(
                        Volume.builder()
                            .name("notes")
                            .persistentVolumeClaim(
                                PersistentVolumeClaimVolumeSource.builder()
                                    .claimName("notes")
                                    .build())
                            .build()))));
    Pod running =
        cluster.await(
            Types.POD, Samples.key("writer"), pod -> pod.status().phaseOr("").equals("Running"));
    PersistentVolumeClaim bound = client.get(Types.PERSISTENT_VOLUME_CLAIM, Samples.key("notes"));
    ObjectKey volumeKey = ObjectKey.cluster(bound.spec().volumeNameOr(""));
    PersistentVolume volume = client.get(Types.PERSISTENT_VOLUME, volumeKey);
    Path folder = LocalStorage.folder(volume).orElseThrow();
    assertThat(folder).isDirectory();
    assertThat(
            LocalStorage.isOn(
                volume, client.get(Types.NODE, ObjectKey.cluster(running.spec().nodeNameOr("")))))
        .isTrue();

    client.delete(Types.PERSISTENT_VOLUME_CLAIM, Samples.key("notes"), DeleteOptions.EMPTY);
    client.delete(Types.POD, Samples.key("writer"), DeleteOptions.EMPTY);
    cluster.awaitGone(Types.PERSISTENT_VOLUME_CLAIM, Samples.key("notes"));
    cluster.awaitGone(Types.PERSISTENT_VOLUME, volumeKey);
    assertThat(folder).doesNotExist();
  }

  private static PersistentVolumeClaim claim() {
    return PersistentVolumeClaim.builder()
        .metadata(ObjectMeta.builder().namespace("default").name("notes").build())
        .spec(
            PersistentVolumeClaimSpec.builder()
                .accessModes(List.of("ReadWriteOnce"))
                .resources(
                    VolumeResourceRequirements.builder()
                        .requests(Map.of("storage", Quantity.parse("1Gi")))
                        .build())
                .build())
        .build();
  }
}
