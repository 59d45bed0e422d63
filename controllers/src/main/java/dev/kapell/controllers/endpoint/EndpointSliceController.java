package dev.kapell.controllers.endpoint;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.discovery.v1.Endpoint;
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
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the EndpointSlices of every Service that selects pods. */
public final class EndpointSliceController
    implements Planner<ObjectKey, EndpointSliceController.Seen> {
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  private static final String MANAGER = "endpointslice-controller.k8s.io";

  /**
   * A Service and what it selects.
   *
   * @param slices those of this Service that this controller wrote
   * @param nodes the nodes of the pods, by name
   * @param shares of zones, for Services that ask for them
   */
  record Seen(
      Service service,
      List<Pod> pods,
      List<EndpointSlice> slices,
      Map<String, Node> nodes,
      ZoneShares shares) {}

  static final Index.Keys<EndpointSlice, ObjectKey> BY_SERVICE =
      slice -> {
        String service = slice.metadata().labels().get(Services.NAME);
        return service == null
            ? List.of()
            : List.of(new ObjectKey(slice.metadata().namespaceOr(""), service));
      };

  private final Cache<Service> services;
  private final Cache<Pod> pods;
  private final Cache<Node> nodes;
  private final Cache<EndpointSlice> slices;
  private final Index<EndpointSlice, ObjectKey> slicesByService;

  private EndpointSliceController(LoopContext context) {
    this.services = context.caches().of(Types.SERVICE);
    this.pods = context.caches().of(Types.POD);
    this.nodes = context.caches().of(Types.NODE);
    this.slices = context.caches().of(Types.ENDPOINT_SLICE);
    this.slicesByService = slices.index(BY_SERVICE);
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    EndpointSliceController controller = new EndpointSliceController(context);
    ControlLoop<ObjectKey> loop = context.planned("endpointslice", controller);
    Services.feed(context, loop);
    controller.slices.onChange(
        (before, after) -> {
          EndpointSlice slice = after == null ? before : after;
          if (slice != null && isOurs(slice)) {
            BY_SERVICE.of(slice).forEach(loop::add);
          }
        });
    controller.nodes.onChange(
        (before, after) -> {
          if (!place(before).equals(place(after))) {
            controller.services.all().stream()
                .filter(Hints::isWanted)
                .forEach(service -> loop.add(ObjectKey.of(service)));
          }
        });
    return loop.start(workers);
  }

  /** What of a node matters to hints. */
  private static ZoneShares place(@Nullable Node node) {
    return node == null ? ZoneShares.UNKNOWN : ZoneShares.of(List.of(node));
  }

  private static boolean isOurs(EndpointSlice slice) {
    return MANAGER.equals(slice.metadata().labels().get(MANAGED_BY));
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    Optional<Service> service = services.find(key);
    if (service.isEmpty() || !Services.isManaged(service.get())) {
      return Optional.empty();
    }
    List<Pod> selected = Services.selected(service.get(), pods);
    Map<String, Node> hosts = new HashMap<>();
    for (Pod pod : selected) {
      String name = pod.spec().nodeNameOr("");
      nodes.find(ObjectKey.cluster(name)).ifPresent(node -> hosts.put(name, node));
    }
    List<EndpointSlice> ours =
        slicesByService.get(key).stream().filter(EndpointSliceController::isOurs).toList();
    ZoneShares shares =
        Hints.isByShares(service.get()) ? ZoneShares.of(nodes.all()) : ZoneShares.UNKNOWN;
    return Optional.of(new Seen(service.get(), selected, ours, hosts, shares));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen);
  }

  /** The slices of each address family that the Service has. */
  static Plan decideFor(Seen seen) {
    Service service = seen.service();
    if (Pods.isTerminating(service)) {
      return Plan.NOTHING;
    }
    Map<String, String> labels = new LinkedHashMap<>(Services.labels(service));
    labels.put(Services.NAME, service.metadata().nameOr(""));
    labels.put(MANAGED_BY, MANAGER);
    List<Change> changes = new ArrayList<>();
    List<String> families = service.spec().ipFamilies();
    for (String family : families.isEmpty() ? List.of("IPv4") : families) {
      Slicing slicing =
          new Slicing(service, labels, Map.of(), family, service.metadata().nameOr(""));
      List<EndpointSlice> there =
          seen.slices().stream().filter(s -> s.addressTypeOr("").equals(family)).toList();
      Map<List<EndpointPort>, List<Endpoint>> wanted =
          SliceEndpoints.of(
              service, seen.pods(), name -> Optional.ofNullable(seen.nodes().get(name)), family);
      wanted.replaceAll((ports, endpoints) -> seen.shares().hinted(endpoints));
      changes.addAll(slicing.changes(there, wanted));
    }
    return new Plan(changes, Optional.empty());
  }
}
