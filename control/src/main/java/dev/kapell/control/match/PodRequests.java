package dev.kapell.control.match;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.PodResources;
import dev.kapell.api.resource.Quantity;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The resources that a pod asks for as a whole, as {@link PodResources} counts. Pure. */
public final class PodRequests {
  private PodRequests() {}

  /** What it asks for. */
  public static Map<String, Quantity> requests(PodSpec spec) {
    return new PodResources(
            spec.containers().stream().map(container -> of(container.resources())).toList(),
            spec.initContainers().stream().map(PodRequests::init).toList(),
            of(spec.resources()),
            spec.overhead())
        .total();
  }

  /**
   * What a pod takes up on its node: while it is being resized, the most of what is wanted, what
   * the node has allocated and what the containers have.
   */
  public static Map<String, Quantity> requests(Pod pod) {
    PodSpec spec = pod.spec();
    List<ContainerStatus> statuses = pod.status().containerStatuses();
    boolean resizable =
        !spec.nodeNameOr("").isEmpty()
            && statuses.stream().anyMatch(s -> s.resources() != null || hasAllocation(s));
    if (!resizable) {
      return requests(spec);
    }
    boolean infeasible =
        pod.status().conditions().stream()
            .anyMatch(
                c ->
                    c.typeOr("").equals("PodResizePending") && c.reasonOr("").equals("Infeasible"));
    Map<String, ContainerStatus> byName = new HashMap<>();
    statuses.forEach(status -> byName.put(status.nameOr(""), status));
    pod.status().initContainerStatuses().forEach(status -> byName.put(status.nameOr(""), status));
    return new PodResources(
            spec.containers().stream().map(c -> resized(c, byName, infeasible)).toList(),
            spec.initContainers().stream()
                .map(
                    c ->
                        new PodResources.Init(
                            resized(c, byName, infeasible), c.restartPolicyOr("").equals("Always")))
                .toList(),
            of(spec.resources()),
            spec.overhead())
        .total();
  }

  private static boolean hasAllocation(ContainerStatus status) {
    return !status.allocatedResources().isEmpty();
  }

  private static Map<String, Quantity> resized(
      Container container, Map<String, ContainerStatus> byName, boolean infeasible) {
    ContainerStatus status = byName.get(container.nameOr(""));
    if (status == null || (status.resources() == null && !hasAllocation(status))) {
      return of(container.resources());
    }
    // What the node will never give is not taken up.
    Map<String, Quantity> most =
        new LinkedHashMap<>(infeasible ? Map.of() : of(container.resources()));
    of(status.resources()).forEach((name, amount) -> most.merge(name, amount, Quantity::max));
    status.allocatedResources().forEach((name, amount) -> most.merge(name, amount, Quantity::max));
    return most;
  }

  private static PodResources.Init init(Container container) {
    return new PodResources.Init(
        of(container.resources()), container.restartPolicyOr("").equals("Always"));
  }

  private static Map<String, Quantity> of(@Nullable ResourceRequirements resources) {
    return resources == null ? Map.of() : resources.requests();
  }
}
