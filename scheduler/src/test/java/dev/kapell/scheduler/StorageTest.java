package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.CSIPersistentVolumeSource;
import dev.kapell.api.core.v1.EphemeralVolumeSource;
import dev.kapell.api.core.v1.GCEPersistentDiskVolumeSource;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.NodeSelectorRequirement;
import dev.kapell.api.core.v1.NodeSelectorTerm;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimSpec;
import dev.kapell.api.core.v1.PersistentVolumeClaimVolumeSource;
import dev.kapell.api.core.v1.PersistentVolumeSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.TopologySelectorLabelRequirement;
import dev.kapell.api.core.v1.TopologySelectorTerm;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeNodeAffinity;
import dev.kapell.api.core.v1.VolumeResourceRequirements;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.storage.v1.CSIDriver;
import dev.kapell.api.storage.v1.CSIDriverSpec;
import dev.kapell.api.storage.v1.CSINode;
import dev.kapell.api.storage.v1.CSINodeDriver;
import dev.kapell.api.storage.v1.CSINodeSpec;
import dev.kapell.api.storage.v1.CSIStorageCapacity;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.api.storage.v1.VolumeNodeResources;
import dev.kapell.scheduler.storage.Choice;
import dev.kapell.scheduler.storage.PodClaims;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageTest {
  private static final String UNBOUND = "node(s) didn't find available persistent volumes to bind";

  private final Scene scene = new Scene().node("a", "zone=a").node("b", "zone=b");

  private Pod pod(String... claims) {
    Pod pod = scene.pod("p" + String.join("", claims));
    return pod.withSpec(
        pod.spec()
            .withVolumes(
                Arrays.stream(claims)
                    .map(
                        claim ->
                            Volume.builder()
                                .name(claim)
                                .persistentVolumeClaim(
                                    PersistentVolumeClaimVolumeSource.builder()
                                        .claimName(claim)
                                        .build())
                                .build())
                    .toList()));
  }

  private PersistentVolumeClaim claim(String name, String type, String mode, String volume) {
    PersistentVolumeClaim claim =
        PersistentVolumeClaim.builder()
            .metadata(
                ObjectMeta.builder().namespace("default").name(name).uid("uid-" + name).build())
            .spec(
                PersistentVolumeClaimSpec.builder()
                    .storageClassName(type)
                    .accessModes(List.of(mode))
                    .volumeName(volume.isEmpty() ? null : volume)
                    .resources(
                        VolumeResourceRequirements.builder()
                            .requests(Map.of("storage", Quantity.parse("5Gi")))
                            .build())
                    .build())
            .build();
    scene.claims.put(name, claim);
    return claim;
  }

  private void volume(String name, String type, String size, String zone) {
    NodeSelectorTerm term =
        NodeSelectorTerm.builder()
            .matchExpressions(
                List.of(
                    NodeSelectorRequirement.builder()
                        .key("zone")
                        .operator("In")
                        .values(List.of(zone))
                        .build()))
            .build();
    scene.volumes.put(
        name,
        PersistentVolume.builder()
            .metadata(ObjectMeta.builder().name(name).build())
            .spec(
                PersistentVolumeSpec.builder()
                    .storageClassName(type)
                    .accessModes(List.of("ReadWriteOnce"))
                    .capacity(Map.of("storage", Quantity.parse(size)))
                    .csi(
                        CSIPersistentVolumeSource.builder()
                            .driver("disk")
                            .volumeHandle(name)
                            .build())
                    .nodeAffinity(
                        VolumeNodeAffinity.builder()
                            .required(
                                NodeSelector.builder().nodeSelectorTerms(List.of(term)).build())
                            .build())
                    .build())
            .build());
  }

  private void type(String name, String provisioner, String mode, String... zones) {
    List<TopologySelectorTerm> allowed =
        zones.length == 0
            ? List.of()
            : List.of(
                TopologySelectorTerm.builder()
                    .matchLabelExpressions(
                        List.of(
                            TopologySelectorLabelRequirement.builder()
                                .key("zone")
                                .values(List.of(zones))
                                .build()))
                    .build());
    scene.classes.put(
        name,
        StorageClass.builder()
            .metadata(ObjectMeta.builder().name(name).build())
            .provisioner(provisioner)
            .volumeBindingMode(mode)
            .allowedTopologies(allowed)
            .build());
  }

  private Choice choice(Pod pod, int row) {
    PodClaims claims = PodClaims.of(scene.demand(pod), scene.view().storage());
    return claims.choice(scene.cluster.nodeOf(row), scene.view().storage());
  }

  @Test
  void aMissingClaimAndAnUnboundImmediateOneAreHopeless() {
    assertThat(scene.verdicts(pod("c")))
        .containsEntry("a", "persistentvolumeclaim \"c\" not found");
    type("now", "disk", "Immediate");
    claim("c", "now", "ReadWriteOnce", "");
    assertThat(scene.verdicts(pod("c")))
        .containsEntry("a", "pod has unbound immediate PersistentVolumeClaims");
  }

  @Test
  void theClaimOfAnEphemeralVolumeIsOnItsWay() {
    Pod pod = scene.pod("p");
    pod =
        pod.withSpec(
            pod.spec()
                .withVolumes(
                    List.of(
                        Volume.builder()
                            .name("scratch")
                            .ephemeral(EphemeralVolumeSource.builder().build())
                            .build())));
    assertThat(scene.verdicts(pod))
        .containsEntry(
            "a",
            "waiting for ephemeral volume controller to create the persistentvolumeclaim"
                + " \"p-scratch\"");
  }

  @Test
  void aBoundVolumeDecidesWhere() {
    claim("c", "now", "ReadWriteOnce", "v");
    assertThat(scene.verdicts(pod("c")).get("a")).contains("non-existent pv");
    volume("v", "now", "5Gi", "b");
    assertThat(scene.verdicts(pod("c")))
        .containsEntry("a", "node(s) had volume node affinity conflict")
        .containsEntry("b", "");
  }

  @Test
  void aWaitingClaimGetsTheSmallestVolumeThatDoes() {
    type("later", "kubernetes.io/no-provisioner", "WaitForFirstConsumer");
    claim("c", "later", "ReadWriteOnce", "");
    volume("small", "later", "1Gi", "a");
    assertThat(scene.verdicts(pod("c"))).containsEntry("a", UNBOUND).containsEntry("b", UNBOUND);
    volume("large", "later", "9Gi", "a");
    volume("right", "later", "6Gi", "a");
    volume("other", "another", "6Gi", "b");
    assertThat(scene.fitting(pod("c"))).containsExactly("a");
    assertThat(choice(pod("c"), 0).matches())
        .containsExactly(new Choice.Match(Scene.key("c"), "right"));
    claim("d", "later", "ReadWriteOnce", "");
    assertThat(choice(pod("c", "d"), 0).matches())
        .extracting(Choice.Match::volume)
        .containsExactly("right", "large");
    claim("e", "later", "ReadWriteOnce", "");
    assertThat(scene.fitting(pod("c", "d", "e"))).as("there are two for three").isEmpty();
  }

  @Test
  void aVolumeIsMadeWhereItsClassAllows() {
    type("later", "disk", "WaitForFirstConsumer", "b");
    claim("c", "later", "ReadWriteOnce", "");
    assertThat(scene.verdicts(pod("c"))).containsEntry("a", UNBOUND).containsEntry("b", "");
    assertThat(choice(pod("c"), 1).provisioned()).containsExactly(Scene.key("c"));
  }

  @Test
  void aDriverThatCountsItsSpaceNeedsEnough() {
    type("later", "disk", "WaitForFirstConsumer");
    claim("c", "later", "ReadWriteOnce", "");
    scene.drivers.put(
        "disk",
        CSIDriver.builder()
            .metadata(ObjectMeta.builder().name("disk").build())
            .spec(CSIDriverSpec.builder().storageCapacity(true).build())
            .build());
    for (String zone : List.of("a", "b")) {
      scene.capacities.add(
          CSIStorageCapacity.builder()
              .storageClassName("later")
              .nodeTopology(LabelSelector.builder().matchLabels(Map.of("zone", zone)).build())
              .capacity(Quantity.parse(zone.equals("a") ? "4Gi" : "6Gi"))
              .build());
    }
    assertThat(scene.verdicts(pod("c")))
        .containsEntry("a", "node(s) did not have enough free storage")
        .containsEntry("b", "");
  }

  @Test
  void aClaimForOnePodIsUsedByOne() {
    claim("c", "now", "ReadWriteOncePod", "v");
    volume("v", "now", "5Gi", "a");
    assertThat(scene.fitting(pod("c"))).containsExactly("a");
    scene.place(pod("c"), "a");
    assertThat(scene.verdicts(pod("c")).get("a"))
        .isEqualTo(
            "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod"
                + " access mode");
  }

  @Test
  void aNodeAttachesSoManyVolumes() {
    for (String name : List.of("c", "d")) {
      claim(name, "now", "ReadWriteOnce", "v" + name);
      volume("v" + name, "now", "5Gi", "a");
    }
    scene.csiNodes.put(
        "a",
        CSINode.builder()
            .spec(
                CSINodeSpec.builder()
                    .drivers(
                        List.of(
                            CSINodeDriver.builder()
                                .name("disk")
                                .allocatable(VolumeNodeResources.builder().count(1).build())
                                .build()))
                    .build())
            .build());
    assertThat(scene.fitting(pod("c"))).containsExactly("a");
    scene.place(pod("c"), "a");
    assertThat(scene.verdicts(pod("d"))).containsEntry("a", "node(s) exceed max volume count");
    assertThat(scene.fitting(pod("c"))).as("the same volume again").containsExactly("a");
  }

  @Test
  void aVolumeOfAZoneWantsANodeOfIt() {
    Scene zoned = scene;
    zoned.node("c", "topology.kubernetes.io/zone=x").node("d", "topology.kubernetes.io/zone=y");
    claim("c", "now", "ReadWriteOnce", "v");
    zoned.volumes.put(
        "v",
        PersistentVolume.builder()
            .metadata(
                ObjectMeta.builder()
                    .name("v")
                    .labels(Map.of("topology.kubernetes.io/zone", "x__z"))
                    .build())
            .spec(PersistentVolumeSpec.builder().build())
            .build());
    assertThat(zoned.verdicts(pod("c")))
        .containsEntry("c", "")
        .containsEntry("d", "node(s) had no available volume zone")
        .containsEntry("a", "");
  }

  @Test
  void aDiskIsMountedOnce() {
    Volume disk =
        Volume.builder()
            .name("d")
            .gcePersistentDisk(GCEPersistentDiskVolumeSource.builder().pdName("disk").build())
            .build();
    Pod pod = scene.pod("p");
    pod = pod.withSpec(pod.spec().withVolumes(List.of(disk)));
    scene.place(pod, "a");
    Pod second = scene.pod("second");
    second = second.withSpec(second.spec().withVolumes(List.of(disk)));
    assertThat(scene.verdicts(second))
        .containsEntry("a", "node(s) had no available disk")
        .containsEntry("b", "");
  }
}
