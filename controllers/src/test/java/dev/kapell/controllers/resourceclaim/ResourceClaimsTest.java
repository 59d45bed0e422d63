package dev.kapell.controllers.resourceclaim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodResourceClaim;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimConsumerReference;
import dev.kapell.api.resource.v1.ResourceClaimStatus;
import dev.kapell.api.resource.v1.ResourceClaimTemplate;
import dev.kapell.api.resource.v1.ResourceClaimTemplateSpec;
import dev.kapell.control.match.DeviceClaims;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceClaimsTest {
  private final World world = new World();

  private Pod pod(String name) {
    return world.create(
        Types.POD,
        Pod.builder()
            .metadata(Make.meta(name))
            .spec(
                PodSpec.builder()
                    .resourceClaims(
                        List.of(
                            PodResourceClaim.builder()
                                .name("own")
                                .resourceClaimTemplateName("gpu")
                                .build(),
                            PodResourceClaim.builder()
                                .name("shared")
                                .resourceClaimName("all")
                                .build()))
                    .build())
            .build());
  }

  private void template() {
    world.create(
        Types.RESOURCE_CLAIM_TEMPLATE,
        ResourceClaimTemplate.builder()
            .metadata(Make.meta("gpu"))
            .spec(
                ResourceClaimTemplateSpec.builder()
                    .metadata(
                        ObjectMeta.builder()
                            .labels(Map.of("app", "web"))
                            .annotations(Map.of("a", "b"))
                            .build())
                    .build())
            .build());
  }

  private void decide(String podName) {
    Pod pod = world.get(Types.POD, "default", podName);
    Map<String, ResourceClaim> claims = new HashMap<>();
    world.all(Types.RESOURCE_CLAIM).forEach(c -> claims.put(c.metadata().nameOr(""), c));
    Map<String, ResourceClaimTemplate> templates = new HashMap<>();
    world
        .all(Types.RESOURCE_CLAIM_TEMPLATE)
        .forEach(t -> templates.put(t.metadata().nameOr(""), t));
    world.apply(PodClaims.next(new PodClaimController.Seen(pod, claims, templates)));
  }

  private ResourceClaim made(String podName) {
    Pod pod = world.get(Types.POD, "default", podName);
    assertThat(pod.status().resourceClaimStatuses()).hasSize(1);
    assertThat(pod.status().resourceClaimStatuses().getFirst().nameOr("")).isEqualTo("own");
    return world.get(
        Types.RESOURCE_CLAIM,
        "default",
        pod.status().resourceClaimStatuses().getFirst().resourceClaimNameOr(""));
  }

  @Test
  void aTemplateIsMadeIntoAClaimOfThePodOnce() {
    pod("p");
    decide("p");
    assertThat(world.told())
        .containsExactly(
            "FailedResourceClaimCreation PodResourceClaim own: resource claim template \"gpu\" not"
                + " found");
    assertThat(world.all(Types.RESOURCE_CLAIM)).isEmpty();
    template();
    decide("p");
    ResourceClaim claim = made("p");
    assertThat(claim.metadata().nameOr("")).startsWith("p-own-");
    assertThat(claim.metadata().labels()).containsEntry("app", "web");
    assertThat(claim.metadata().annotations())
        .containsEntry("a", "b")
        .containsEntry(DeviceClaims.ENTRY_ANNOTATION, "own");
    assertThat(Owners.isManagedBy(claim, world.get(Types.POD, "default", "p"))).isTrue();
    decide("p");
    assertThat(world.all(Types.RESOURCE_CLAIM)).hasSize(1);
  }

  @Test
  void aClaimOfWhichTheStatusDoesNotTellYetIsFound() {
    template();
    Pod pod = pod("p");
    decide("p");
    Pod told = world.get(Types.POD, "default", "p");
    world.put(Types.POD, told.withStatus(pod.status()));
    decide("p");
    assertThat(world.all(Types.RESOURCE_CLAIM)).hasSize(1);
    made("p");
  }

  @Test
  void aClaimThatIsGoneIsMadeAgain() {
    template();
    pod("p");
    decide("p");
    world.remove(Types.RESOURCE_CLAIM, made("p"));
    decide("p");
    assertThat(world.all(Types.RESOURCE_CLAIM)).hasSize(1);
    made("p");
  }

  @Test
  void anothersClaimIsNotTaken() {
    template();
    Pod pod = pod("p");
    world.create(
        Types.RESOURCE_CLAIM,
        ResourceClaim.builder().metadata(Make.meta(PodClaims.madeName(pod, "own"))).build());
    decide("p");
    assertThat(world.told()).singleElement().asString().contains("(pod is not owner)");
    assertThat(world.all(Types.RESOURCE_CLAIM)).hasSize(1);
  }

  @ParameterizedTest(name = "pod {0} characters, entry {1}: at most 63")
  @CsvSource({"1, 1", "253, 63", "60, 2", "2, 63"})
  void namesAreNotTooLong(int podLength, int entryLength) {
    Pod pod = Pod.builder().metadata(Make.meta("p".repeat(podLength)).withUid("some-uid")).build();
    String name = PodClaims.madeName(pod, "e".repeat(entryLength));
    assertThat(name).hasSizeLessThanOrEqualTo(63).matches("p+-e+-[0-9a-z]+");
    assertThat(name).isEqualTo(PodClaims.madeName(pod, "e".repeat(entryLength)));
  }

  @Test
  void aPodThatHasItsNodeAlreadyIsEnteredAsAUser() {
    template();
    Pod pod = pod("p");
    world.put(Types.POD, pod.withSpec(pod.spec().withNodeName("n1")));
    claim("all", true);
    decide("p");
    assertThat(users("all")).containsExactly("p");
    decide("p");
    assertThat(users("all")).containsExactly("p");
  }

  private ResourceClaim claim(String name, boolean allocated, String... users) {
    List<ResourceClaimConsumerReference> references = new ArrayList<>();
    for (String user : users) {
      String uid =
          world
              .find(Types.POD, "default", user)
              .map(pod -> pod.metadata().uidOr(""))
              .orElse("gone");
      references.add(
          ResourceClaimConsumerReference.builder().resource("pods").name(user).uid(uid).build());
    }
    return world.create(
        Types.RESOURCE_CLAIM,
        ResourceClaim.builder()
            .metadata(
                Make.meta(name)
                    .withFinalizers(allocated ? List.of(DeviceClaims.FINALIZER) : List.of()))
            .status(
                ResourceClaimStatus.builder()
                    .allocation(allocated ? AllocationResult.EMPTY : null)
                    .reservedFor(references)
                    .build())
            .build());
  }

  private List<String> users(String claim) {
    return world.get(Types.RESOURCE_CLAIM, "default", claim).status().reservedFor().stream()
        .map(user -> user.nameOr(""))
        .toList();
  }

  private void giveBack(String name) {
    Map<String, Pod> pods = new HashMap<>();
    world.pods().forEach(pod -> pods.put(pod.metadata().nameOr(""), pod));
    world
        .find(Types.RESOURCE_CLAIM, "default", name)
        .ifPresent(
            claim ->
                world.apply(
                    ReservationController.next(new ReservationController.Seen(claim, pods))));
  }

  private void end(String name) {
    Pod pod = world.get(Types.POD, "default", name);
    world.put(Types.POD, pod.withStatus(pod.status().withPhase("Succeeded")));
  }

  @Test
  void devicesAreFreeWhenTheLastUserHasEnded() {
    pod("p");
    pod("q");
    claim("all", true, "p", "q", "lost");
    giveBack("all");
    assertThat(users("all")).as("one is gone").containsExactly("p", "q");
    end("p");
    giveBack("all");
    assertThat(users("all")).containsExactly("q");
    assertThat(allocation("all")).isTrue();
    world.remove(Types.POD, world.get(Types.POD, "default", "q"));
    giveBack("all");
    assertThat(users("all")).isEmpty();
    assertThat(allocation("all")).isFalse();
  }

  private boolean allocation(String name) {
    return world.get(Types.RESOURCE_CLAIM, "default", name).status().allocation() != null;
  }

  @Test
  void whatWasAllocatedByHandStaysUntilSomebodyUsedIt() {
    claim("all", true);
    giveBack("all");
    assertThat(allocation("all")).isTrue();
  }

  @Test
  void aClaimThatIsToGoStaysAsLongAsItIsUsed() {
    pod("p");
    ResourceClaim claim = claim("all", true, "p");
    world.put(
        Types.RESOURCE_CLAIM,
        claim.withMetadata(claim.metadata().withDeletionTimestamp(world.now())));
    giveBack("all");
    assertThat(users("all")).containsExactly("p");
    end("p");
    giveBack("all");
    assertThat(allocation("all")).isFalse();
    giveBack("all");
    assertThat(world.find(Types.RESOURCE_CLAIM, "default", "all")).isEmpty();
  }

  @Test
  void aMadeClaimGoesWithThePodThatHasEnded() {
    template();
    pod("p");
    decide("p");
    String name = made("p").metadata().nameOr("");
    giveBack(name);
    assertThat(world.find(Types.RESOURCE_CLAIM, "default", name)).isPresent();
    end("p");
    giveBack(name);
    assertThat(world.find(Types.RESOURCE_CLAIM, "default", name)).isEmpty();
  }

  @Test
  void usersThatAreNoPodsAreLeftAlone() {
    ResourceClaim claim = claim("all", true);
    ResourceClaimConsumerReference other =
        ResourceClaimConsumerReference.builder()
            .apiGroup("example.com")
            .resource("things")
            .name("t")
            .uid("u")
            .build();
    world.put(
        Types.RESOURCE_CLAIM, claim.withStatus(claim.status().withReservedFor(List.of(other))));
    giveBack("all");
    assertThat(users("all")).containsExactly("t");
  }
}
