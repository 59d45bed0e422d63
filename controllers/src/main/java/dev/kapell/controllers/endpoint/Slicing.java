package dev.kapell.controllers.endpoint;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointPort;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * From the slices that are there to the endpoints that should be, with as few writes as possible:
 * endpoints stay in their slice, new ones fill slices that are written anyway, then those with
 * room, then new slices. Pure.
 *
 * @param owner the Service or Endpoints that the slices are made for
 * @param labels of every slice
 * @param annotations of every slice
 * @param addressType IPv4, IPv6 or FQDN
 * @param namePrefix of new slices
 */
record Slicing(
    ApiObject owner,
    Map<String, String> labels,
    Map<String, String> annotations,
    String addressType,
    String namePrefix) {
  /** The most endpoints in one slice. */
  static final int LIMIT = 100;

  /** The changes that lead from {@code slices} (all of this address type) to {@code wanted}. */
  List<Change> changes(List<EndpointSlice> slices, Map<List<EndpointPort>, List<Endpoint>> wanted) {
    List<Change> changes = new ArrayList<>();
    Map<List<EndpointPort>, List<EndpointSlice>> byPorts = new LinkedHashMap<>();
    for (EndpointSlice slice : slices) {
      if (!Pods.isTerminating(slice)) {
        byPorts.computeIfAbsent(slice.ports(), k -> new ArrayList<>()).add(slice);
      }
    }
    if (wanted.isEmpty()) {
      wanted = Map.of(List.of(), List.of());
    }
    for (Map.Entry<List<EndpointPort>, List<Endpoint>> group : wanted.entrySet()) {
      List<EndpointSlice> there = byPorts.remove(group.getKey());
      changes.addAll(
          fill(group.getKey(), group.getValue(), Objects.requireNonNullElse(there, List.of())));
    }
    for (List<EndpointSlice> stale : byPorts.values()) {
      stale.forEach(s -> changes.add(Change.delete(Types.ENDPOINT_SLICE, s, "ports not wanted")));
    }
    return changes;
  }

  private List<Change> fill(
      List<EndpointPort> ports, List<Endpoint> wanted, List<EndpointSlice> there) {
    Map<String, Endpoint> missing = new LinkedHashMap<>();
    wanted.forEach(endpoint -> missing.put(identity(endpoint), endpoint));
    Map<EndpointSlice, List<Endpoint>> contents = new LinkedHashMap<>();
    for (EndpointSlice slice : there) {
      contents.put(slice, kept(slice, missing));
    }
    List<Endpoint> left = new ArrayList<>(missing.values());
    // Slices that are written anyway come first; so most changes touch one slice.
    contents.forEach(
        (slice, kept) -> {
          if (!kept.equals(slice.endpoints())) {
            moveInto(kept, left);
          }
        });
    contents.forEach((slice, kept) -> moveInto(kept, left));
    return writes(ports, contents, left);
  }

  private List<Change> writes(
      List<EndpointPort> ports, Map<EndpointSlice, List<Endpoint>> contents, List<Endpoint> left) {
    List<Change> changes = new ArrayList<>();
    boolean anyKept = !left.isEmpty();
    Map<EndpointSlice, List<Endpoint>> empty = new HashMap<>();
    for (Map.Entry<EndpointSlice, List<Endpoint>> entry : contents.entrySet()) {
      if (entry.getValue().isEmpty()) {
        empty.put(entry.getKey(), List.of());
      } else {
        anyKept = true;
        changes.add(update(entry.getKey(), entry.getValue()));
      }
    }
    while (!left.isEmpty()) {
      List<Endpoint> next = new ArrayList<>();
      moveInto(next, left);
      changes.add(create(ports, next));
    }
    // A Service without endpoints keeps one empty slice, so that readers see that it was looked at.
    boolean needsPlaceholder = !anyKept && ports.isEmpty();
    for (EndpointSlice slice : contents.keySet()) {
      if (!empty.containsKey(slice)) {
        continue;
      }
      if (needsPlaceholder) {
        needsPlaceholder = false;
        changes.add(update(slice, List.of()));
      } else {
        changes.add(Change.delete(Types.ENDPOINT_SLICE, slice, "no endpoint left"));
      }
    }
    if (needsPlaceholder) {
      changes.add(create(ports, List.of()));
    }
    return changes;
  }

  private static List<Endpoint> kept(EndpointSlice slice, Map<String, Endpoint> missing) {
    List<Endpoint> kept = new ArrayList<>();
    for (Endpoint endpoint : slice.endpoints()) {
      Endpoint wanted = missing.remove(identity(endpoint));
      if (wanted != null) {
        kept.add(wanted);
      }
    }
    return kept;
  }

  private static void moveInto(List<Endpoint> slice, List<Endpoint> left) {
    while (slice.size() < LIMIT && !left.isEmpty()) {
      slice.add(left.removeFirst());
    }
  }

  private static String identity(Endpoint endpoint) {
    var target = endpoint.targetRef();
    return endpoint.addresses() + (target == null ? "" : target.uidOr(target.nameOr("")));
  }

  private Change update(EndpointSlice slice, List<Endpoint> endpoints) {
    ObjectMeta meta = slice.metadata().withLabels(labels).withAnnotations(annotations);
    return Change.update(
        Types.ENDPOINT_SLICE,
        slice,
        slice.withMetadata(meta).withEndpoints(endpoints),
        "endpoints changed");
  }

  private Change create(List<EndpointPort> ports, List<Endpoint> endpoints) {
    EndpointSlice slice =
        EndpointSlice.builder()
            .metadata(
                ObjectMeta.builder()
                    .generateName(namePrefix + "-")
                    .namespace(owner.metadata().namespace())
                    .labels(labels)
                    .annotations(annotations)
                    .ownerReferences(List.of(Owners.reference(owner)))
                    .build())
            .addressType(addressType)
            .ports(ports)
            .endpoints(endpoints)
            .build();
    return Change.create(Types.ENDPOINT_SLICE, slice, "endpoints without a slice");
  }
}
