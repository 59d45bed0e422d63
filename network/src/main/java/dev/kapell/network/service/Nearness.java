package dev.kapell.network.service;

import dev.kapell.api.discovery.v1.Endpoint;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which endpoints this node should prefer, as their hints say: those for the node, else those for
 * its zone. Hints count only when every endpoint has one and one is for here, so that half of a
 * change leaves nobody without an endpoint (reference: topology aware routing). Pure.
 *
 * @param zone empty when it is not known
 */
record Nearness(String node, String zone) {
  /** The nearest of {@code ready}; all of them when hints do not say. */
  List<Endpoint> among(List<Endpoint> ready) {
    if (allHave(ready, Nearness::hasNodes)) {
      List<Endpoint> forNode = ready.stream().filter(this::isForNode).toList();
      if (!forNode.isEmpty()) {
        return forNode;
      }
    }
    if (!zone.isEmpty() && allHave(ready, Nearness::hasZones)) {
      List<Endpoint> forZone = ready.stream().filter(this::isForZone).toList();
      if (!forZone.isEmpty()) {
        return forZone;
      }
    }
    return ready;
  }

  private static boolean allHave(List<Endpoint> ready, Predicate<Endpoint> hint) {
    return !ready.isEmpty() && ready.stream().allMatch(hint);
  }

  private static boolean hasNodes(Endpoint endpoint) {
    return endpoint.hints() != null && !endpoint.hints().forNodes().isEmpty();
  }

  private static boolean hasZones(Endpoint endpoint) {
    return endpoint.hints() != null && !endpoint.hints().forZones().isEmpty();
  }

  private boolean isForNode(Endpoint endpoint) {
    return endpoint.hints() != null
        && endpoint.hints().forNodes().stream().anyMatch(each -> each.nameOr("").equals(node));
  }

  private boolean isForZone(Endpoint endpoint) {
    return endpoint.hints() != null
        && endpoint.hints().forZones().stream().anyMatch(each -> each.nameOr("").equals(zone));
  }
}
