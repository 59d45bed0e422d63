package dev.kapell.controllers.endpoint;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.EndpointAddress;
import dev.kapell.api.core.v1.EndpointSubset;
import dev.kapell.api.core.v1.Endpoints;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointPort;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mirrors Endpoints that people write for a Service without a selector into EndpointSlices, which
 * is what proxies and DNS read.
 */
public final class EndpointMirrorController
    implements Planner<ObjectKey, EndpointMirrorController.Seen> {
  private static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
  private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
  private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

  /** Endpoints, the Service of that name, and the slices that mirror them. */
  record Seen(
      Optional<Endpoints> endpoints, Optional<Service> service, List<EndpointSlice> slices) {}

  private final Cache<Endpoints> endpoints;
  private final Cache<Service> services;
  private final Cache<EndpointSlice> all;
  private final Index<EndpointSlice, ObjectKey> slices;

  private EndpointMirrorController(LoopContext context) {
    this.endpoints = context.caches().of(Types.ENDPOINTS);
    this.services = context.caches().of(Types.SERVICE);
    this.all = context.caches().of(Types.ENDPOINT_SLICE);
    this.slices = all.index(EndpointSliceController.BY_SERVICE);
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    EndpointMirrorController controller = new EndpointMirrorController(context);
    ControlLoop<ObjectKey> loop = context.planned("endpointslicemirroring", controller);
    controller.endpoints.onChange((before, after) -> add(loop, after == null ? before : after));
    controller.services.onChange((before, after) -> add(loop, after == null ? before : after));
    controller.all.onChange(
        (before, after) -> {
          EndpointSlice slice = after == null ? before : after;
          if (slice != null && isOurs(slice)) {
            EndpointSliceController.BY_SERVICE.of(slice).forEach(loop::add);
          }
        });
    return loop.start(workers);
  }

  private static boolean isOurs(EndpointSlice slice) {
    return MANAGER.equals(slice.metadata().labels().get(EndpointSliceController.MANAGED_BY));
  }

  private static void add(ControlLoop<ObjectKey> loop, dev.kapell.api.@Nullable ApiObject changed) {
    if (changed != null) {
      loop.add(ObjectKey.of(changed));
    }
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    List<EndpointSlice> ours =
        slices.get(key).stream().filter(EndpointMirrorController::isOurs).toList();
    return Optional.of(new Seen(endpoints.find(key), services.find(key), ours));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen);
  }

  /** One group of slices for each address family, or none when there is nothing to mirror. */
  static Plan decideFor(Seen seen) {
    if (!isMirrored(seen)) {
      List<Change> deletions = new ArrayList<>();
      seen.slices()
          .forEach(s -> deletions.add(Change.delete(Types.ENDPOINT_SLICE, s, "not mirrored")));
      return new Plan(deletions, Optional.empty());
    }
    Endpoints source = seen.endpoints().orElseThrow();
    Map<String, String> labels = new LinkedHashMap<>(source.metadata().labels());
    labels.put(Services.NAME, source.metadata().nameOr(""));
    labels.put(EndpointSliceController.MANAGED_BY, MANAGER);
    Map<String, String> annotations = new LinkedHashMap<>(source.metadata().annotations());
    annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    List<Change> changes = new ArrayList<>();
    for (String family : List.of("IPv4", "IPv6")) {
      Map<List<EndpointPort>, List<Endpoint>> wanted = wanted(source, family);
      List<EndpointSlice> there =
          seen.slices().stream().filter(s -> s.addressTypeOr("").equals(family)).toList();
      if (!wanted.isEmpty()) {
        Slicing slicing =
            new Slicing(source, labels, annotations, family, source.metadata().nameOr(""));
        changes.addAll(slicing.changes(there, wanted));
      } else {
        there.forEach(s -> changes.add(Change.delete(Types.ENDPOINT_SLICE, s, "no address")));
      }
    }
    return new Plan(changes, Optional.empty());
  }

  private static boolean isMirrored(Seen seen) {
    return seen.endpoints()
            .map(
                e ->
                    !"true".equals(e.metadata().labels().get(SKIP))
                        && !e.metadata().annotations().containsKey(LEADER))
            .orElse(false)
        && seen.service()
            .map(
                s ->
                    s.spec().selector().isEmpty()
                        && !s.spec().typeOr("ClusterIP").equals("ExternalName"))
            .orElse(false);
  }

  private static Map<List<EndpointPort>, List<Endpoint>> wanted(Endpoints source, String family) {
    Map<List<EndpointPort>, List<Endpoint>> wanted = new LinkedHashMap<>();
    for (EndpointSubset subset : source.subsets()) {
      List<EndpointPort> ports =
          subset.ports().stream()
              .map(
                  p ->
                      EndpointPort.builder()
                          .name(p.nameOr(""))
                          .port(p.port())
                          .protocol(p.protocolOr("TCP"))
                          .appProtocol(p.appProtocol())
                          .build())
              .toList();
      List<Endpoint> endpoints = new ArrayList<>();
      addAll(endpoints, subset.addresses(), true, family);
      addAll(endpoints, subset.notReadyAddresses(), false, family);
      if (!endpoints.isEmpty()) {
        wanted.computeIfAbsent(ports, k -> new ArrayList<>()).addAll(endpoints);
      }
    }
    return wanted;
  }

  private static void addAll(
      List<Endpoint> endpoints, List<EndpointAddress> addresses, boolean ready, String family) {
    for (EndpointAddress address : addresses) {
      if (address.ipOr("").contains(":") != family.equals("IPv6")) {
        continue;
      }
      endpoints.add(
          Endpoint.builder()
              .addresses(List.of(address.ipOr("")))
              .conditions(EndpointConditions.builder().ready(ready).build())
              .hostname(address.hostname())
              .nodeName(address.nodeName())
              .targetRef(address.targetRef())
              .build());
    }
  }
}
