package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.sim.story.Moment;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod is bound only when each of its claims has devices that can be reached from its node, and
 * names the pod as their user.
 */
final class DevicesInHand implements Law {
  @Override
  public void at(Moment moment, Scene scene) {
    if (!Bindings.isBinding(moment)) {
      return;
    }
    Pod pod = moment.after(Pod.class).orElseThrow();
    claims(pod).forEach(key -> check(moment, pod, key, scene));
  }

  private static Stream<ObjectKey> claims(Pod pod) {
    Stream<String> named =
        pod.spec().resourceClaims().stream()
            .flatMap(entry -> Stream.ofNullable(entry.resourceClaimName()));
    Stream<String> made =
        pod.status().resourceClaimStatuses().stream()
            .flatMap(status -> Stream.ofNullable(status.resourceClaimName()));
    return Stream.concat(named, made)
        .map(name -> new ObjectKey(pod.metadata().namespaceOr(""), name));
  }

  private void check(Moment moment, Pod pod, ObjectKey key, Scene scene) {
    Optional<ResourceClaim> claim = scene.picture().find(Types.RESOURCE_CLAIM, key);
    if (claim.isEmpty()) {
      return; // it went meanwhile, which who binds need not know yet
    }
    AllocationResult allocation = claim.get().status().allocation();
    Optional<Node> node =
        scene.picture().find(Types.NODE, ObjectKey.cluster(pod.spec().nodeNameOr("")));
    boolean reached = allocation != null && node.map(n -> reaches(allocation, n)).orElse(true);
    boolean isUser =
        claim.get().status().reservedFor().stream()
            .anyMatch(user -> user.uidOr("").equals(Facts.uid(pod)));
    if (!reached || !isUser) {
      scene.broken(
          this,
          "pod "
              + moment.key()
              + " is bound, its claim "
              + key.name()
              + (reached ? " does not name it" : " has no devices that can be reached"));
    }
  }

  private static boolean reaches(AllocationResult allocation, Node node) {
    NodeSelector selector = allocation.nodeSelector();
    return selector == null || NodeSelection.matches(selector, node);
  }
}
