package dev.kapell.controllers.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.HostPathVolumeSource;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimSpec;
import dev.kapell.api.core.v1.PersistentVolumeSpec;
import dev.kapell.api.core.v1.VolumeResourceRequirements;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.client.ObjectKey;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BindingTest {
  private final World world = new World();

  @Test
  void theSmallestVolumeThatIsLargeEnoughIsBound() {
    volume("large", "10Gi", "");
    volume("small", "1Gi", "");
    volume("fits", "5Gi", "");
    claim("data", "3Gi", "");
    settle();
    assertThat(claim("data").spec().volumeNameOr("")).isEqualTo("fits");
    assertThat(claim("data").status().phaseOr("")).isEqualTo("Bound");
    assertThat(claim("data").status().capacity()).containsEntry("storage", Quantity.parse("5Gi"));
    assertThat(claim("data").metadata().annotations())
        .containsEntry(Marks.BIND_COMPLETED, "yes")
        .containsEntry(Marks.BOUND_BY_CONTROLLER, "yes");
    assertThat(volume("fits").status().phaseOr("")).isEqualTo("Bound");
    assertThat(volume("small").status().phaseOr("")).isEqualTo("Available");
  }

  @Test
  void twoClaimsNeverShareAVolume() {
    volume("only", "1Gi", "");
    claim("a", "1Gi", "");
    claim("b", "1Gi", "");
    settle();
    assertThat(claim("a").status().phaseOr("")).isEqualTo("Bound");
    assertThat(claim("b").status().phaseOr("")).isEqualTo("Pending");
    assertThat(world.told())
        .contains(
            "FailedBinding no persistent volumes available for this claim and no storage class is set");
  }

  @ParameterizedTest(name = "a claim of {0}, a volume of {1}: bound {2}")
  @CsvSource({
    "'1Gi,slow,ReadWriteOnce,Filesystem', '1Gi,slow,ReadWriteOnce,Filesystem', true",
    "'1Gi,slow,ReadWriteOnce,Filesystem', '1Gi,,ReadWriteOnce,Filesystem', false",
    "'1Gi,,ReadWriteOnce,Filesystem', '1Gi,slow,ReadWriteOnce,Filesystem', false",
    "'2Gi,,ReadWriteOnce,Filesystem', '1Gi,,ReadWriteOnce,Filesystem', false",
    "'1Gi,,ReadWriteMany,Filesystem', '1Gi,,ReadWriteOnce,Filesystem', false",
    "'1Gi,,ReadWriteOnce,Filesystem', '1Gi,,ReadWriteOnce ReadWriteMany,Filesystem', true",
    "'1Gi,,ReadWriteOnce,Block', '1Gi,,ReadWriteOnce,Filesystem', false",
    "'1Gi,,ReadWriteOnce,Block', '1Gi,,ReadWriteOnce,Block', true",
  })
  void everythingHasToFit(String asked, String offered, boolean bound) {
    String[] wish = asked.split(",", -1);
    String[] offer = offered.split(",", -1);
    PersistentVolume volume = made("v", offer[0], offer[1]);
    world.create(
        Types.PERSISTENT_VOLUME,
        volume.withSpec(
            volume
                .spec()
                .withAccessModes(List.of(offer[2].split(" ", -1)))
                .withVolumeMode(offer[3])));
    PersistentVolumeClaim claim = asking("c", wish[0], wish[1]);
    world.create(
        Types.PERSISTENT_VOLUME_CLAIM,
        claim.withSpec(claim.spec().withAccessModes(List.of(wish[2])).withVolumeMode(wish[3])));
    settle();
    assertThat(claim("c").status().phaseOr("")).isEqualTo(bound ? "Bound" : "Pending");
  }

  @Test
  void aSelectorChoosesAmongVolumes() {
    volume("plain", "1Gi", "");
    PersistentVolume labelled = made("labelled", "2Gi", "");
    world.create(
        Types.PERSISTENT_VOLUME,
        labelled.withMetadata(labelled.metadata().withLabels(Map.of("app", "db"))));
    PersistentVolumeClaim claim = asking("data", "1Gi", "");
    world.create(
        Types.PERSISTENT_VOLUME_CLAIM,
        claim.withSpec(claim.spec().withSelector(Make.selector("db"))));
    settle();
    assertThat(claim("data").spec().volumeNameOr("")).isEqualTo("labelled");
  }

  @Test
  void aVolumeThatIsKeptForAClaimWaitsForIt() {
    PersistentVolume kept = made("kept", "9Gi", "");
    world.create(
        Types.PERSISTENT_VOLUME,
        kept.withSpec(
            kept.spec()
                .withClaimRef(
                    ObjectReference.builder().namespace("default").name("data").build())));
    volume("better", "1Gi", "");
    claim("other", "2Gi", "");
    settle();
    assertThat(claim("other").status().phaseOr("")).isEqualTo("Pending");
    assertThat(volume("kept").status().phaseOr("")).isEqualTo("Available");
    claim("data", "1Gi", "");
    settle();
    assertThat(claim("data").spec().volumeNameOr("")).isEqualTo("kept");
    assertThat(volume("kept").metadata().annotations())
        .doesNotContainKey(Marks.BOUND_BY_CONTROLLER);
  }

  @Test
  void aClaimThatNamesAVolumeGetsThatOrWaits() {
    volume("mine", "1Gi", "");
    PersistentVolumeClaim claim = asking("data", "5Gi", "");
    world.create(
        Types.PERSISTENT_VOLUME_CLAIM, claim.withSpec(claim.spec().withVolumeName("mine")));
    settle();
    assertThat(claim("data").status().phaseOr("")).isEqualTo("Pending");
    assertThat(world.told())
        .contains(
            "VolumeMismatch Cannot bind to requested volume \"mine\": requested PV is too small");
  }

  @Test
  void aClaimWhoseVolumeIsGoneIsLost() {
    volume("v", "1Gi", "");
    claim("data", "1Gi", "");
    settle();
    world.remove(Types.PERSISTENT_VOLUME, volume("v"));
    settle();
    assertThat(claim("data").status().phaseOr("")).isEqualTo("Lost");
    assertThat(world.told())
        .contains(
            "ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!");
  }

  @ParameterizedTest(name = "policy {0}: {1}, {2}")
  @CsvSource({
    "Retain, Released, ''",
    "Delete, Failed, VolumeFailedDelete",
    "Recycle, Failed, VolumeFailedRecycle",
  })
  void aVolumeWhoseClaimIsGoneIsReleased(String policy, String phase, String reason) {
    PersistentVolume volume = made("v", "1Gi", "");
    world.create(
        Types.PERSISTENT_VOLUME,
        volume.withSpec(volume.spec().withPersistentVolumeReclaimPolicy(policy)));
    claim("data", "1Gi", "");
    settle();
    world.remove(Types.PERSISTENT_VOLUME_CLAIM, claim("data"));
    settle();
    assertThat(volume("v").status().phaseOr("")).isEqualTo(phase);
    assertThat(world.told())
        .filteredOn(told -> told.startsWith("VolumeFailed"))
        .hasSize(reason.isEmpty() ? 0 : 1);
    claim("data", "1Gi", "");
    settle();
    assertThat(claim("data").status().phaseOr(""))
        .as("a released volume still has the old data")
        .isEqualTo("Pending");
  }

  @Test
  void aClassThatWaitsForAConsumerIsNotAskedBeforeThereIsANode() {
    storageClass("local", "example.com/disk", "WaitForFirstConsumer", false);
    volume("free", "1Gi", "local");
    claim("data", "1Gi", "local");
    settle();
    assertThat(claim("data").status().phaseOr("")).isEqualTo("Pending");
    assertThat(world.told())
        .contains("WaitForFirstConsumer waiting for first consumer to be created before binding");
    PersistentVolumeClaim placed = claim("data");
    world.put(
        Types.PERSISTENT_VOLUME_CLAIM,
        placed.withMetadata(placed.metadata().withAnnotations(Map.of(Marks.SELECTED_NODE, "n1"))));
    world.remove(Types.PERSISTENT_VOLUME, volume("free"));
    settle();
    assertThat(claim("data").metadata().annotations())
        .containsEntry(Marks.PROVISIONER, "example.com/disk")
        .containsEntry(Marks.OLD_PROVISIONER, "example.com/disk");
  }

  @Test
  void aClaimWithoutAClassGetsTheDefaultOneWhenItComes() {
    PersistentVolumeClaim claim = asking("data", "1Gi", "");
    world.create(
        Types.PERSISTENT_VOLUME_CLAIM, claim.withSpec(claim.spec().withStorageClassName(null)));
    settle();
    storageClass("usual", "example.com/disk", "Immediate", true);
    settle();
    assertThat(claim("data").spec().storageClassNameOr("")).isEqualTo("usual");
  }

  @Test
  void aClassThatIsNotThereIsNamed() {
    claim("data", "1Gi", "gold");
    settle();
    assertThat(world.told())
        .contains("ProvisioningFailed storageclass.storage.k8s.io \"gold\" not found");
  }

  /** Decides for everything until nothing changes. */
  private void settle() {
    for (int round = 0; round < 20; round++) {
      String before = world.all(Types.PERSISTENT_VOLUME) + "" + claims();
      for (PersistentVolumeClaim claim : claims()) {
        world.apply(Binding.next(see(claim)));
      }
      for (PersistentVolume volume : world.all(Types.PERSISTENT_VOLUME)) {
        Optional<PersistentVolumeClaim> claim =
            ClaimController.claim(volume)
                .flatMap(
                    key -> world.find(Types.PERSISTENT_VOLUME_CLAIM, key.namespace(), key.name()));
        world.apply(Keeping.next(new Keeping.Seen(volume, claim), world.now()));
      }
      if (before.equals(world.all(Types.PERSISTENT_VOLUME) + "" + claims())) {
        return;
      }
    }
    throw new AssertionError("not settled");
  }

  private List<PersistentVolumeClaim> claims() {
    return world.all(Types.PERSISTENT_VOLUME_CLAIM);
  }

  private ClaimSeen see(PersistentVolumeClaim claim) {
    List<PersistentVolume> candidates =
        world.all(Types.PERSISTENT_VOLUME).stream()
            .filter(
                volume ->
                    ClaimController.claim(volume).equals(Optional.of(ObjectKey.of(claim)))
                        || Asked.className(volume).equals(Asked.className(claim)))
            .toList();
    return new ClaimSeen(
        claim,
        world.find(Types.PERSISTENT_VOLUME, "", claim.spec().volumeNameOr("")),
        candidates,
        world.find(Types.STORAGE_CLASS, "", Asked.className(claim)),
        world.all(Types.STORAGE_CLASS).stream()
            .filter(each -> !each.metadata().annotations().isEmpty())
            .map(each -> each.metadata().nameOr(""))
            .findFirst(),
        List.of());
  }

  private PersistentVolumeClaim claim(String name) {
    return world.get(Types.PERSISTENT_VOLUME_CLAIM, "default", name);
  }

  private PersistentVolume volume(String name) {
    return world.get(Types.PERSISTENT_VOLUME, "", name);
  }

  private void claim(String name, String storage, String className) {
    world.create(Types.PERSISTENT_VOLUME_CLAIM, asking(name, storage, className));
  }

  private void volume(String name, String storage, String className) {
    world.create(Types.PERSISTENT_VOLUME, made(name, storage, className));
    settle();
  }

  private static PersistentVolumeClaim asking(String name, String storage, String className) {
    return PersistentVolumeClaim.builder()
        .metadata(Make.meta(name))
        .spec(
            PersistentVolumeClaimSpec.builder()
                .storageClassName(className)
                .accessModes(List.of("ReadWriteOnce"))
                .resources(
                    VolumeResourceRequirements.builder()
                        .requests(Map.of("storage", Quantity.parse(storage)))
                        .build())
                .build())
        .build();
  }

  private static PersistentVolume made(String name, String storage, String className) {
    return PersistentVolume.builder()
        .metadata(ObjectMeta.builder().name(name).build())
        .spec(
            PersistentVolumeSpec.builder()
                .capacity(Map.of("storage", Quantity.parse(storage)))
                .storageClassName(className)
                .accessModes(List.of("ReadWriteOnce"))
                .persistentVolumeReclaimPolicy("Retain")
                .hostPath(HostPathVolumeSource.builder().path("/data/" + name).build())
                .build())
        .build();
  }

  private void storageClass(String name, String provisioner, String mode, boolean isDefault) {
    world.create(
        Types.STORAGE_CLASS,
        StorageClass.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(name)
                    .annotations(
                        isDefault
                            ? Map.of("storageclass.kubernetes.io/is-default-class", "true")
                            : Map.of())
                    .build())
            .provisioner(provisioner)
            .volumeBindingMode(mode)
            .build());
  }
}
