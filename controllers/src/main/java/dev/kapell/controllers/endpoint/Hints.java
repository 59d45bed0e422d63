package dev.kapell.controllers.endpoint;

import dev.kapell.api.core.v1.Service;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointHints;
import dev.kapell.api.discovery.v1.ForNode;
import dev.kapell.api.discovery.v1.ForZone;
import java.util.List;
import java.util.Map;

/**
 * For whom an endpoint is, as {@code spec.trafficDistribution} of its Service asks: for its own
 * zone, or its own node. Only ready endpoints have hints. Pure.
 */
final class Hints {
  private static final String MODE = "service.kubernetes.io/topology-mode";
  private static final String OLD_MODE = "service.kubernetes.io/topology-aware-hints";

  private Hints() {}

  /** Its endpoints are for zones in proportion to what runs there: {@link ZoneShares}. */
  static boolean isByShares(Service service) {
    Map<String, String> annotations = service.metadata().annotations();
    String mode = annotations.getOrDefault(MODE, annotations.getOrDefault(OLD_MODE, ""));
    return mode.equalsIgnoreCase("auto");
  }

  /** Where nodes are matters to its endpoints. */
  static boolean isWanted(Service service) {
    return isByShares(service) || service.spec().trafficDistribution() != null;
  }

  static Endpoint hinted(Service service, Endpoint endpoint) {
    EndpointConditions conditions = endpoint.conditions();
    if (isByShares(service) || conditions == null || !conditions.readyOr(true)) {
      return endpoint;
    }
    return switch (service.spec().trafficDistributionOr("")) {
      case "PreferClose", "PreferSameZone" -> forZone(endpoint);
      case "PreferSameNode" -> forNode(endpoint);
      default -> endpoint;
    };
  }

  private static Endpoint forZone(Endpoint endpoint) {
    String zone = endpoint.zoneOr("");
    return zone.isEmpty()
        ? endpoint
        : endpoint.withHints(EndpointHints.builder().forZones(zones(zone)).build());
  }

  /** Who knows nothing of nodes goes by the zone. */
  private static Endpoint forNode(Endpoint endpoint) {
    String node = endpoint.nodeNameOr("");
    if (node.isEmpty()) {
      return forZone(endpoint);
    }
    EndpointHints.Builder hints =
        EndpointHints.builder().forNodes(List.of(ForNode.builder().name(node).build()));
    String zone = endpoint.zoneOr("");
    return endpoint.withHints(zone.isEmpty() ? hints.build() : hints.forZones(zones(zone)).build());
  }

  private static List<ForZone> zones(String zone) {
    return List.of(ForZone.builder().name(zone).build());
  }
}
