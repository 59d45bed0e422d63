package dev.kapell.controllers.endpoint;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.EndpointAddress;
import dev.kapell.api.core.v1.EndpointPort;
import dev.kapell.api.core.v1.EndpointSubset;
import dev.kapell.api.core.v1.Endpoints;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the Endpoints of every Service that selects pods; those of others are left alone. */
public final class EndpointsController implements Planner<ObjectKey, EndpointsController.Seen> {
  static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  static final String MANAGER = "endpoint-controller";

  /** The API's readers take at most so many addresses. */
  private static final int MOST_ADDRESSES = 1_000;

  private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

  /** A Service (empty when it is gone), what it selects, and its Endpoints. */
  record Seen(Optional<Service> service, List<Pod> pods, Optional<Endpoints> endpoints) {}

  private final Cache<Service> services;
  private final Cache<Pod> pods;
  private final Cache<Endpoints> endpoints;

  private EndpointsController(LoopContext context) {
    this.services = context.caches().of(Types.SERVICE);
    this.pods = context.caches().of(Types.POD);
    this.endpoints = context.caches().of(Types.ENDPOINTS);
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    EndpointsController controller = new EndpointsController(context);
    ControlLoop<ObjectKey> loop = context.planned("endpoints", controller);
    Services.feed(context, loop);
    controller.endpoints.onChange(
        (before, after) -> {
          Endpoints changed = after == null ? before : after;
          if (changed != null) {
            loop.add(ObjectKey.of(changed));
          }
        });
    return loop.start(workers);
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    Optional<Service> service = services.find(key);
    List<Pod> selected = service.map(s -> Services.selected(s, pods)).orElse(List.of());
    return Optional.of(new Seen(service, selected, endpoints.find(key)));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen);
  }

  /** One Endpoints by the Service's name. */
  static Plan decideFor(Seen seen) {
    if (seen.service().isEmpty()) {
      return seen.endpoints()
          .filter(e -> MANAGER.equals(e.metadata().labels().get(MANAGED_BY)))
          .map(e -> Plan.of(Change.delete(Types.ENDPOINTS, e, "its Service is gone")))
          .orElse(Plan.NOTHING);
    }
    Service service = seen.service().get();
    if (!Services.isManaged(service) || Pods.isTerminating(service)) {
      return Plan.NOTHING;
    }
    List<EndpointSubset> subsets = subsets(service, seen.pods());
    Map<String, String> labels = new LinkedHashMap<>(Services.labels(service));
    labels.put(MANAGED_BY, MANAGER);
    if (seen.endpoints().isEmpty()) {
      return Plan.of(
          Change.create(
              Types.ENDPOINTS, fresh(service, labels, subsets), "a Service without Endpoints"));
    }
    Endpoints before = seen.endpoints().get();
    Map<String, String> annotations = new LinkedHashMap<>(before.metadata().annotations());
    annotations.remove(OVER_CAPACITY);
    annotations.putAll(annotations(seen.pods()));
    ObjectMeta meta = before.metadata().withLabels(labels).withAnnotations(annotations);
    return Plan.of(
        Change.update(
            Types.ENDPOINTS,
            before,
            before.withMetadata(meta).withSubsets(subsets),
            "addresses changed"));
  }

  private static Endpoints fresh(
      Service service, Map<String, String> labels, List<EndpointSubset> subsets) {
    return Endpoints.builder()
        .metadata(
            ObjectMeta.builder()
                .name(service.metadata().name())
                .namespace(service.metadata().namespace())
                .labels(labels)
                .build())
        .subsets(subsets)
        .build();
  }

  private static Map<String, String> annotations(List<Pod> pods) {
    long listed = pods.stream().filter(EndpointsController::isListed).count();
    return listed > MOST_ADDRESSES ? Map.of(OVER_CAPACITY, "truncated") : Map.of();
  }

  private static boolean isListed(Pod pod) {
    return !Pods.isTerminating(pod) && !Pods.isFinished(pod) && !pod.status().podIPOr("").isEmpty();
  }

  private static List<EndpointSubset> subsets(Service service, List<Pod> pods) {
    boolean publish = service.spec().publishNotReadyAddressesOr(false);
    Map<List<EndpointPort>, List<Pod>> byPorts = new LinkedHashMap<>();
    pods.stream()
        .filter(EndpointsController::isListed)
        .sorted(
            Comparator.comparing((Pod p) -> p.status().podIPOr(""))
                .thenComparing(p -> p.metadata().uidOr("")))
        .limit(MOST_ADDRESSES)
        .forEach(p -> byPorts.computeIfAbsent(ports(service, p), k -> new ArrayList<>()).add(p));
    List<EndpointSubset> subsets = new ArrayList<>();
    byPorts.forEach(
        (ports, members) -> {
          if (ports.isEmpty() && !service.spec().ports().isEmpty()) {
            return; // None of the Service's named ports is on these pods.
          }
          List<EndpointAddress> ready = new ArrayList<>();
          List<EndpointAddress> notReady = new ArrayList<>();
          for (Pod pod : members) {
            (publish || Pods.isReady(pod) ? ready : notReady).add(address(service, pod));
          }
          subsets.add(
              EndpointSubset.builder()
                  .addresses(ready)
                  .notReadyAddresses(notReady)
                  .ports(ports)
                  .build());
        });
    return subsets;
  }

  private static EndpointAddress address(Service service, Pod pod) {
    EndpointAddress.Builder address =
        EndpointAddress.builder()
            .ip(pod.status().podIPOr(""))
            .targetRef(SliceEndpoints.reference(pod))
            .nodeName(pod.spec().nodeName());
    SliceEndpoints.hostname(service, pod).ifPresent(address::hostname);
    return address.build();
  }

  private static List<EndpointPort> ports(Service service, Pod pod) {
    List<EndpointPort> ports = new ArrayList<>();
    for (ServicePort port : service.spec().ports()) {
      Services.targetPort(port, pod)
          .ifPresent(
              number ->
                  ports.add(
                      EndpointPort.builder()
                          .name(port.name())
                          .port(number)
                          .protocol(port.protocolOr("TCP"))
                          .appProtocol(port.appProtocol())
                          .build()));
    }
    return ports;
  }
}
