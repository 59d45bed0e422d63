package dev.kapell.controllers.resourceclaim;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodResourceClaim;
import dev.kapell.api.core.v1.PodResourceClaimStatus;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimConsumerReference;
import dev.kapell.api.resource.v1.ResourceClaimStatus;
import dev.kapell.api.resource.v1.ResourceClaimTemplate;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.match.DeviceClaims;
import dev.kapell.controllers.resourceclaim.PodClaimController.Seen;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of one pod's claims: each template that it names is made into a claim of its own,
 * whose name goes into the pod's status; a pod that has its node already, without having asked a
 * scheduler, is entered as a user of what is allocated. Pure.
 */
final class PodClaims {
  /** So that the name of a claim, its end included, can be the name of a label. */
  private static final int LONGEST_STEM = 55;

  private final Seen seen;
  private final Pod pod;
  private final Plan.Builder plan = new Plan.Builder();
  private final List<PodResourceClaimStatus> statuses = new ArrayList<>();

  private PodClaims(Seen seen) {
    this.seen = seen;
    this.pod = seen.pod();
  }

  static Plan next(Seen seen) {
    return Pods.isActive(seen.pod()) ? new PodClaims(seen).plan() : Plan.NOTHING;
  }

  private Plan plan() {
    for (PodResourceClaim entry : pod.spec().resourceClaims()) {
      if (entry.resourceClaimTemplateName() != null) {
        made(entry).ifPresent(statuses::add);
      }
    }
    Pod after = pod.withStatus(pod.status().withResourceClaimStatuses(statuses));
    if (!after.equals(pod)) {
      plan.add(Change.updateStatus(Types.POD, pod, after, "its claims by name"));
    }
    if (!pod.spec().nodeNameOr("").isEmpty()) {
      seen.claims().values().forEach(this::reserve);
    }
    return plan.build();
  }

  /** What the status says of an entry, after the claim is there; empty when it cannot be made. */
  private Optional<PodResourceClaimStatus> made(PodResourceClaim entry) {
    String name = entry.nameOr("");
    Optional<PodResourceClaimStatus> told = DeviceClaims.status(pod, name);
    if (told.isPresent() && told.get().resourceClaimName() == null) {
      return told; // it needs none
    }
    Optional<ResourceClaim> there =
        told.map(status -> seen.claims().get(status.resourceClaimNameOr("")))
            .or(() -> own(name))
            .or(() -> Optional.ofNullable(seen.claims().get(madeName(pod, name))));
    if (there.isPresent()) {
      String claim = there.get().metadata().nameOr("");
      if (!Owners.isManagedBy(there.get(), pod)) {
        String why = "ResourceClaim " + namespace() + "/" + claim;
        warn(name, why + " was not created for pod " + key() + " (pod is not owner)");
      }
      return Optional.of(status(name, claim));
    }
    String template = entry.resourceClaimTemplateNameOr("");
    if (!seen.templates().containsKey(template)) {
      warn(name, "resource claim template \"" + template + "\" not found");
      return told;
    }
    ResourceClaim claim = claim(name, seen.templates().get(template));
    plan.add(Change.create(Types.RESOURCE_CLAIM, claim, "a template that the pod names"));
    return Optional.of(status(name, claim.metadata().nameOr("")));
  }

  private void warn(String entry, String why) {
    plan.add(
        Change.warn(pod, "FailedResourceClaimCreation", "PodResourceClaim " + entry + ": " + why));
  }

  private static PodResourceClaimStatus status(String entry, String claim) {
    return PodResourceClaimStatus.builder().name(entry).resourceClaimName(claim).build();
  }

  /** One that was made before, and of which the status does not tell yet. */
  private Optional<ResourceClaim> own(String entry) {
    return seen.claims().values().stream()
        .filter(claim -> Owners.isManagedBy(claim, pod) && !Pods.isTerminating(claim))
        .filter(
            claim ->
                entry.equals(claim.metadata().annotations().get(DeviceClaims.ENTRY_ANNOTATION)))
        .findFirst();
  }

  private ResourceClaim claim(String entry, ResourceClaimTemplate template) {
    ObjectMeta wanted = template.spec().metadata();
    Map<String, String> annotations = new HashMap<>(wanted.annotations());
    annotations.put(DeviceClaims.ENTRY_ANNOTATION, entry);
    ObjectMeta meta =
        ObjectMeta.builder()
            .name(madeName(pod, entry))
            .namespace(pod.metadata().namespace())
            .labels(wanted.labels())
            .annotations(annotations)
            .ownerReferences(List.of(Owners.reference(pod)))
            .build();
    return ResourceClaim.builder().metadata(meta).spec(template.spec().spec()).build();
  }

  /** The names under which the claims of a pod are made. */
  static List<String> madeNames(Pod pod) {
    return pod.spec().resourceClaims().stream()
        .filter(entry -> entry.resourceClaimTemplateName() != null)
        .map(entry -> madeName(pod, entry.nameOr("")))
        .toList();
  }

  /** The same for a pod and an entry always, so that no claim is made twice. */
  static String madeName(Pod pod, String entry) {
    String podName = pod.metadata().nameOr("");
    int length = podName.length() + 1 + entry.length();
    String stem =
        length <= LONGEST_STEM
            ? podName + "-" + entry
            : cut(podName, length) + "-" + cut(entry, length);
    return stem + "-" + Integer.toUnsignedString(pod.metadata().uidOr("").hashCode(), 36);
  }

  /** The part of {@code text} that it may have, and no dot at the end of it. */
  private static String cut(String text, int length) {
    String part = text.substring(0, Math.max(1, (LONGEST_STEM - 1) * text.length() / length));
    return part.replaceAll("[.-]+$", "");
  }

  private void reserve(ResourceClaim claim) {
    ResourceClaimStatus status = claim.status();
    String uid = pod.metadata().uidOr("");
    boolean known = status.reservedFor().stream().anyMatch(user -> user.uidOr("").equals(uid));
    boolean named =
        DeviceClaims.of(pod).stream()
            .anyMatch(use -> use.claim().filter(claim.metadata().nameOr("")::equals).isPresent());
    if (!named
        || known
        || status.allocation() == null
        || Pods.isTerminating(claim)
        || status.reservedFor().size() >= DeviceClaims.MOST_USERS) {
      return;
    }
    List<ResourceClaimConsumerReference> users = new ArrayList<>(status.reservedFor());
    users.add(
        ResourceClaimConsumerReference.builder()
            .resource("pods")
            .name(pod.metadata().nameOr(""))
            .uid(uid)
            .build());
    plan.add(
        Change.updateStatus(
            Types.RESOURCE_CLAIM,
            claim,
            claim.withStatus(status.withReservedFor(users)),
            "a pod that has its node already"));
  }

  private String namespace() {
    return pod.metadata().namespaceOr("");
  }

  private String key() {
    return namespace() + "/" + pod.metadata().nameOr("");
  }
}
