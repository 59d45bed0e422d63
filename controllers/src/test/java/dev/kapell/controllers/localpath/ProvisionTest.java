package dev.kapell.controllers.localpath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimSpec;
import dev.kapell.api.core.v1.TypedLocalObjectReference;
import dev.kapell.api.core.v1.VolumeResourceRequirements;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.storage.LocalStorage;
import dev.kapell.controllers.volume.Marks;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProvisionTest {
  private static final StorageClass LOCAL =
      StorageClass.builder()
          .metadata(ObjectMeta.builder().name("local-path").build())
          .provisioner(LocalStorage.PROVISIONER)
          .reclaimPolicy("Delete")
          .build();
  private static final Node NODE =
      Node.builder()
          .metadata(
              ObjectMeta.builder()
                  .name("n1")
                  .labels(Map.of("kubernetes.io/hostname", "host-1"))
                  .annotations(Map.of(LocalStorage.ROOT, "/data/volumes"))
                  .build())
          .build();

  private final World world = new World();

  @Test
  void aVolumeIsAFolderOfTheChosenNode() {
    PersistentVolumeClaim claim = create(each -> each);
    world.apply(Provision.next(seen(claim, Optional.of(NODE))));
    PersistentVolume volume = only();
    String name = "pvc-" + claim.metadata().uidOr("");
    assertThat(volume.metadata().nameOr("")).isEqualTo(name);
    assertThat(LocalStorage.folder(volume))
        .contains(Path.of("/data/volumes/" + name + "_default_data"));
    assertThat(LocalStorage.isOn(volume, NODE)).isTrue();
    assertThat(LocalStorage.isPending(volume)).isTrue();
    assertThat(volume.spec().persistentVolumeReclaimPolicyOr("")).isEqualTo("Delete");
    assertThat(volume.spec().claimRef()).isNotNull();
    assertThat(world.told())
        .contains("ProvisioningSucceeded Successfully provisioned volume " + name);
    assertThat(next(claim, Optional.of(NODE)).changes()).as("once is enough").isEmpty();
  }

  @Test
  void aClassMayNameAnotherPlace() {
    PersistentVolumeClaim claim = create(each -> each);
    StorageClass elsewhere = LOCAL.withParameters(Map.of("path", "/mnt/fast"));
    world.apply(
        Provision.next(
            new Provision.Seen(
                claim, Optional.empty(), Optional.of(elsewhere), Optional.of(NODE))));
    assertThat(LocalStorage.folder(only()).orElseThrow().toString()).startsWith("/mnt/fast/pvc-");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "access modes other than ReadWriteOnce",
            (UnaryOperator<PersistentVolumeClaimSpec>)
                spec -> spec.withAccessModes(List.of("ReadWriteMany"))),
        Arguments.of(
            "raw block volumes are not supported",
            (UnaryOperator<PersistentVolumeClaimSpec>) spec -> spec.withVolumeMode("Block")),
        Arguments.of(
            "claim.spec.selector is not supported",
            (UnaryOperator<PersistentVolumeClaimSpec>)
                spec -> spec.withSelector(Make.selector("db"))),
        Arguments.of(
            "volumes are not filled from other objects",
            (UnaryOperator<PersistentVolumeClaimSpec>)
                spec ->
                    spec.withDataSource(
                        TypedLocalObjectReference.builder()
                            .kind("PersistentVolumeClaim")
                            .name("other")
                            .build())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatAFolderCannotGiveIsRefused(String why, UnaryOperator<PersistentVolumeClaimSpec> change) {
    PersistentVolumeClaim claim = create(each -> each.withSpec(change.apply(each.spec())));
    world.apply(next(claim, Optional.of(NODE)));
    assertThat(world.all(Types.PERSISTENT_VOLUME)).isEmpty();
    assertThat(world.told()).singleElement().asString().contains("ProvisioningFailed", why);
  }

  @Test
  void aNodeThatIsGoneIsChosenAnew() {
    PersistentVolumeClaim claim = create(each -> each);
    world.apply(next(claim, Optional.empty()));
    assertThat(world.get(Types.PERSISTENT_VOLUME_CLAIM, "default", "data").metadata().annotations())
        .doesNotContainKey(Marks.SELECTED_NODE);
  }

  @Test
  void aBoundClaimGrowsWithItsVolume() {
    PersistentVolumeClaim claim = create(each -> each);
    world.apply(next(claim, Optional.of(NODE)));
    PersistentVolumeClaim bound =
        claim.withStatus(
            claim
                .status()
                .withPhase("Bound")
                .withCapacity(Map.of("storage", Quantity.parse("1Gi"))));
    world.put(
        Types.PERSISTENT_VOLUME_CLAIM, bound.withSpec(bound.spec().withResources(storage("3Gi"))));
    for (int i = 0; i < 2; i++) {
      PersistentVolumeClaim now = world.get(Types.PERSISTENT_VOLUME_CLAIM, "default", "data");
      world.apply(next(now, Optional.of(NODE)));
    }
    assertThat(only().spec().capacity()).containsEntry("storage", Quantity.parse("3Gi"));
    assertThat(world.get(Types.PERSISTENT_VOLUME_CLAIM, "default", "data").status().capacity())
        .containsEntry("storage", Quantity.parse("3Gi"));
  }

  @Test
  void aReleasedVolumeGoesAndOneOfALostNodeIsLetGo() {
    PersistentVolumeClaim claim = create(each -> each);
    world.apply(next(claim, Optional.of(NODE)));
    PersistentVolume released = only().withStatus(only().status().withPhase("Released"));
    assertThat(ReclaimController.next(new ReclaimController.Seen(released, true)).changes())
        .hasSize(1);
    PersistentVolume going =
        released.withMetadata(released.metadata().withDeletionTimestamp(world.now()));
    assertThat(ReclaimController.next(new ReclaimController.Seen(going, true)).changes())
        .as("the agent removes the folder first")
        .isEmpty();
    world.apply(ReclaimController.next(new ReclaimController.Seen(going, false)));
    assertThat(world.all(Types.PERSISTENT_VOLUME)).isEmpty();
  }

  private Plan next(PersistentVolumeClaim claim, Optional<Node> node) {
    return Provision.next(seen(claim, node));
  }

  private Provision.Seen seen(PersistentVolumeClaim claim, Optional<Node> node) {
    return new Provision.Seen(
        claim,
        world.find(Types.PERSISTENT_VOLUME, "", Provision.nameFor(claim)),
        Optional.of(LOCAL),
        node);
  }

  private PersistentVolume only() {
    return world.all(Types.PERSISTENT_VOLUME).getFirst();
  }

  private PersistentVolumeClaim create(UnaryOperator<PersistentVolumeClaim> change) {
    PersistentVolumeClaim claim =
        PersistentVolumeClaim.builder()
            .metadata(
                Make.meta("data")
                    .withAnnotations(
                        Map.of(
                            Marks.PROVISIONER,
                            LocalStorage.PROVISIONER,
                            Marks.SELECTED_NODE,
                            "n1")))
            .spec(
                PersistentVolumeClaimSpec.builder()
                    .storageClassName("local-path")
                    .accessModes(List.of("ReadWriteOnce"))
                    .resources(storage("1Gi"))
                    .build())
            .build();
    return world.create(Types.PERSISTENT_VOLUME_CLAIM, change.apply(claim));
  }

  private static VolumeResourceRequirements storage(String amount) {
    return VolumeResourceRequirements.builder()
        .requests(Map.of("storage", Quantity.parse(amount)))
        .build();
  }
}
