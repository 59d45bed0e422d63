package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EphemeralVolumeSource;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimSpec;
import dev.kapell.api.core.v1.PersistentVolumeClaimTemplate;
import dev.kapell.api.core.v1.PersistentVolumeClaimVolumeSource;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeResourceRequirements;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.controllers.world.Make;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VolumesTest extends ClusterTest {
  private static final Patch NODE =
      Patch.merge(
          "{\"metadata\":{\"annotations\":{\"volume.kubernetes.io/selected-node\":\"n1\"}}}");

  @Test
  void aClaimOfTheDefaultClassHasAVolumeFromItsNodeToItsEnd() throws Exception {
    client.create(Types.NODE, node());
    await(
        "the class of a new cluster",
        () -> client.find(Types.STORAGE_CLASS, ObjectKey.cluster("local-path")).isPresent());
    client.create(Types.PERSISTENT_VOLUME_CLAIM, claim("data"));
    awaitClaim("data", "Pending");
    client.patch(Types.PERSISTENT_VOLUME_CLAIM, key("data"), NODE);
    awaitClaim("data", "Bound");
    await("a bound volume", () -> only().status().phaseOr("").equals("Bound"));
    assertThat(only().metadata().finalizers()).contains("kapell.dev/local-path");

    client.patch(
        Types.PERSISTENT_VOLUME_CLAIM,
        key("data"),
        Patch.merge("{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"3Gi\"}}}}"));
    await(
        "a larger claim",
        () ->
            client
                .get(Types.PERSISTENT_VOLUME_CLAIM, key("data"))
                .status()
                .capacity()
                .containsValue(Quantity.parse("3Gi")));

    client.create(Types.POD, pod("user"));
    delete("data");
    await(
        "a claim that waits for its pod",
        () ->
            client
                .find(Types.PERSISTENT_VOLUME_CLAIM, key("data"))
                .filter(each -> each.metadata().deletionTimestamp() != null)
                .isPresent());
    client.delete(Types.POD, key("user"), DeleteOptions.builder().gracePeriodSeconds(0L).build());
    await("no claim", () -> client.find(Types.PERSISTENT_VOLUME_CLAIM, key("data")).isEmpty());
    await(
        "a volume that waits for its folder to be removed",
        () ->
            only().metadata().deletionTimestamp() != null
                && only().metadata().finalizers().equals(List.of("kapell.dev/local-path")));
    client.delete(Types.NODE, ObjectKey.cluster("n1"), DeleteOptions.EMPTY);
    await("no volume", () -> volumes().isEmpty());
  }

  @Test
  void anEphemeralVolumeHasAClaimOfItsOwn() throws Exception {
    Pod pod = pod("scratch");
    Volume volume =
        Volume.builder()
            .name("tmp")
            .ephemeral(
                EphemeralVolumeSource.builder()
                    .volumeClaimTemplate(
                        PersistentVolumeClaimTemplate.builder()
                            .metadata(ObjectMeta.builder().labels(Map.of("kind", "tmp")).build())
                            .spec(claim("x").spec())
                            .build())
                    .build())
            .build();
    client.create(Types.POD, pod.withSpec(pod.spec().withVolumes(List.of(volume))));
    await(
        "a claim",
        () ->
            client
                .find(Types.PERSISTENT_VOLUME_CLAIM, key("scratch-tmp"))
                .filter(each -> "tmp".equals(each.metadata().labels().get("kind")))
                .isPresent());
    client.delete(
        Types.POD, key("scratch"), DeleteOptions.builder().gracePeriodSeconds(0L).build());
    await(
        "no claim", () -> client.find(Types.PERSISTENT_VOLUME_CLAIM, key("scratch-tmp")).isEmpty());
  }

  private void awaitClaim(String name, String phase) throws InterruptedException {
    await(
        name + " " + phase,
        () ->
            client
                .get(Types.PERSISTENT_VOLUME_CLAIM, key(name))
                .status()
                .phaseOr("")
                .equals(phase));
  }

  private void delete(String claim) {
    client.delete(Types.PERSISTENT_VOLUME_CLAIM, key(claim), DeleteOptions.EMPTY);
  }

  private List<PersistentVolume> volumes() {
    return client.list(Types.PERSISTENT_VOLUME, ListQuery.ALL).items();
  }

  private PersistentVolume only() {
    return volumes().isEmpty() ? PersistentVolume.EMPTY : volumes().getFirst();
  }

  private static Node node() {
    return Node.builder()
        .metadata(
            ObjectMeta.builder().name("n1").labels(Map.of("kubernetes.io/hostname", "n1")).build())
        .build();
  }

  private static Pod pod(String name) {
    return Pod.builder()
        .metadata(Make.meta(name))
        .spec(
            PodSpec.builder()
                .nodeName("n1")
                .containers(List.of(Container.builder().name("main").image("web:1").build()))
                .volumes(
                    List.of(
                        Volume.builder()
                            .name("data")
                            .persistentVolumeClaim(
                                PersistentVolumeClaimVolumeSource.builder()
                                    .claimName("data")
                                    .build())
                            .build()))
                .build())
        .build();
  }

  private static PersistentVolumeClaim claim(String name) {
    PersistentVolumeClaimSpec spec =
        PersistentVolumeClaimSpec.builder()
            .accessModes(List.of("ReadWriteOnce"))
            .resources(
                VolumeResourceRequirements.builder()
                    .requests(Map.of("storage", Quantity.parse("1Gi")))
                    .build())
            .build();
    return PersistentVolumeClaim.builder().metadata(Make.meta(name)).spec(spec).build();
  }
}
