package dev.kapell.control.match;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodResourceClaim;
import dev.kapell.api.core.v1.PodResourceClaimStatus;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Which resource claims a pod uses: those that it names, and those made for it. Pure. */
public final class DeviceClaims {
  /** Says on a claim that was made for a pod which entry of {@code spec.resourceClaims} it is. */
  public static final String ENTRY_ANNOTATION = "resource.kubernetes.io/pod-claim-name";

  /** Holds a claim for as long as devices are allocated to it. */
  public static final String FINALIZER = "resource.kubernetes.io/delete-protection";

  /** So many users fit into {@code status.reservedFor}. */
  public static final int MOST_USERS = 256;

  private DeviceClaims() {}

  /**
   * A claim of a pod.
   *
   * @param entry its name in {@code spec.resourceClaims}
   * @param claim the name of the object; empty as long as it is not made
   * @param isMade whether it is made from a template, for this pod alone
   */
  public record Use(String entry, Optional<String> claim, boolean isMade) {}

  /** The claims of {@code pod}; without those of which its status says that it needs none. */
  public static List<Use> of(Pod pod) {
    List<PodResourceClaim> entries = pod.spec().resourceClaims();
    if (entries.isEmpty()) {
      return List.of();
    }
    List<Use> uses = new ArrayList<>();
    for (PodResourceClaim entry : entries) {
      String name = entry.nameOr("");
      if (entry.resourceClaimName() != null) {
        uses.add(new Use(name, Optional.of(entry.resourceClaimNameOr("")), false));
        continue;
      }
      Optional<PodResourceClaimStatus> status = status(pod, name);
      if (status.isEmpty() || status.get().resourceClaimName() != null) {
        uses.add(new Use(name, status.map(s -> s.resourceClaimNameOr("")), true));
      }
    }
    return uses;
  }

  /** What the status of {@code pod} says of an entry. */
  public static Optional<PodResourceClaimStatus> status(Pod pod, String entry) {
    return pod.status().resourceClaimStatuses().stream()
        .filter(each -> each.nameOr("").equals(entry))
        .findFirst();
  }

  /** The keys of the claims that are known by name. */
  public static List<ObjectKey> keys(Pod pod) {
    String namespace = pod.metadata().namespaceOr("");
    return of(pod).stream()
        .map(use -> use.claim().orElse(null))
        .filter(Objects::nonNull)
        .map(name -> new ObjectKey(namespace, name))
        .toList();
  }
}
