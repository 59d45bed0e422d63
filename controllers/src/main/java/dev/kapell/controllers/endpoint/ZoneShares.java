package dev.kapell.controllers.endpoint;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointHints;
import dev.kapell.api.discovery.v1.ForZone;
import dev.kapell.api.resource.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Endpoints for zones in proportion to the processors there, for Services with the annotation
 * {@code service.kubernetes.io/topology-mode: Auto} (reference: topology aware routing). Where that
 * would load some endpoint much more than the others, nobody gets a hint. Pure.
 *
 * @param milliCpu of the nodes of each zone; empty when that is not known of all
 */
record ZoneShares(Map<String, Long> milliCpu) {
  static final ZoneShares UNKNOWN = new ZoneShares(Map.of());

  static final String ZONE = "topology.kubernetes.io/zone";
  private static final double MOST_OVERLOAD = 1.2;

  /** Copies, in the order of names. */
  ZoneShares {
    milliCpu = new TreeMap<>(milliCpu);
  }

  /** Of the nodes that are ready and not set apart for the control plane. */
  static ZoneShares of(List<Node> nodes) {
    Map<String, Long> byZone = new HashMap<>();
    for (Node node : nodes) {
      Map<String, String> labels = node.metadata().labels();
      if (!isReady(node) || labels.containsKey("node-role.kubernetes.io/control-plane")) {
        continue;
      }
      String zone = labels.getOrDefault(ZONE, "");
      long cpu = node.status().allocatable().getOrDefault("cpu", Quantity.ZERO).milliValue();
      if (zone.isEmpty() || cpu <= 0) {
        return UNKNOWN;
      }
      byZone.merge(zone, cpu, Long::sum);
    }
    return new ZoneShares(byZone);
  }

  private static boolean isReady(Node node) {
    return node.status().conditions().stream()
        .anyMatch(each -> each.typeOr("").equals("Ready") && each.statusOr("").equals("True"));
  }

  /** The same endpoints; those that are ready have hints, or none has. */
  List<Endpoint> hinted(List<Endpoint> endpoints) {
    List<Endpoint> ready = endpoints.stream().filter(ZoneShares::isReady).toList();
    boolean placed = ready.stream().allMatch(each -> milliCpu.containsKey(each.zoneOr("")));
    if (milliCpu.size() < 2 || ready.size() < milliCpu.size() || !placed) {
      return endpoints;
    }
    Map<String, Integer> shares = shares(ready.size());
    if (isOverloaded(shares, ready.size())) {
      return endpoints;
    }
    Map<Endpoint, String> zones = assign(ready, shares);
    return endpoints.stream()
        .map(each -> zones.containsKey(each) ? each.withHints(hint(zones.get(each))) : each)
        .toList();
  }

  private static boolean isReady(Endpoint endpoint) {
    return endpoint.conditions() == null || endpoint.conditions().readyOr(true);
  }

  private static EndpointHints hint(@org.jspecify.annotations.Nullable String zone) {
    return EndpointHints.builder().forZones(List.of(ForZone.builder().name(zone).build())).build();
  }

  private double wanted(String zone, int endpoints) {
    long all = milliCpu.values().stream().mapToLong(each -> each).sum();
    return (double) endpoints * milliCpu.getOrDefault(zone, 0L) / all;
  }

  /** At least one for each zone, and what is over to those that are furthest below their share. */
  private Map<String, Integer> shares(int endpoints) {
    Map<String, Integer> shares = new LinkedHashMap<>();
    milliCpu.keySet().forEach(zone -> shares.put(zone, 1));
    for (int left = endpoints - milliCpu.size(); left > 0; left--) {
      String neediest =
          milliCpu.keySet().stream()
              .max(
                  Comparator.comparingDouble(
                      zone -> wanted(zone, endpoints) - shares.getOrDefault(zone, 0)))
              .orElseThrow();
      shares.merge(neediest, 1, Integer::sum);
    }
    return shares;
  }

  private boolean isOverloaded(Map<String, Integer> shares, int endpoints) {
    return shares.entrySet().stream()
        .anyMatch(each -> wanted(each.getKey(), endpoints) > MOST_OVERLOAD * each.getValue());
  }

  /** Endpoints serve their own zone as far as its share goes; the others help out. */
  private static Map<Endpoint, String> assign(List<Endpoint> ready, Map<String, Integer> shares) {
    Map<String, Integer> open = new LinkedHashMap<>(shares);
    Map<Endpoint, String> zones = new HashMap<>();
    List<Endpoint> spare = new ArrayList<>();
    for (Endpoint endpoint : ready) {
      String own = endpoint.zoneOr("");
      if (open.getOrDefault(own, 0) > 0) {
        open.merge(own, -1, Integer::sum);
        zones.put(endpoint, own);
      } else {
        spare.add(endpoint);
      }
    }
    open.forEach(
        (zone, left) -> {
          for (int i = 0; i < left && !spare.isEmpty(); i++) {
            zones.put(spare.removeFirst(), zone);
          }
        });
    return zones;
  }
}
