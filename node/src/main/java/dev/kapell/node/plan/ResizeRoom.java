package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.Quantity;
import dev.kapell.control.match.PodRequests;
import dev.kapell.node.plan.Allocation.Pending;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node has for pods, and whether a resize fits in. Pure.
 *
 * @param cpuMillis allocatable
 * @param memoryBytes allocatable
 */
public record ResizeRoom(long cpuMillis, long memoryBytes) {

  /**
   * Why {@code pod} cannot get what it asks for; empty when it can. A resource of which it asks for
   * no more than it has is no hindrance, even on a node that has promised too much.
   *
   * @param given what it has
   * @param others all other pods that have not ended, as they run
   */
  public Optional<Pending> hindrance(Pod pod, Allocation given, List<Pod> others) {
    Pod now = given.applyTo(pod);
    Pending cpu = hindrance("cpu", cpuMillis, List.of(now, pod), others);
    Pending memory = hindrance("memory", memoryBytes, List.of(now, pod), others);
    boolean memoryFirst = cpu == null || (!isForever(cpu) && memory != null && isForever(memory));
    return Optional.ofNullable(memoryFirst ? memory : cpu);
  }

  private static boolean isForever(Pending pending) {
    return pending.reason().equals("Infeasible");
  }

  private static @Nullable Pending hindrance(
      String resource, long capacity, List<Pod> nowAndThen, List<Pod> others) {
    long asked = requested(nowAndThen.getLast(), resource);
    if (asked <= requested(nowAndThen.getFirst(), resource)) {
      return null;
    }
    if (asked > capacity) {
      return new Pending(
          "Infeasible",
          "Node didn't have enough capacity: %s, requested: %d, capacity: %d"
              .formatted(resource, asked, capacity));
    }
    long used = others.stream().mapToLong(other -> requested(other, resource)).sum();
    return asked <= capacity - used
        ? null
        : new Pending(
            "Deferred",
            "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
                .formatted(resource, asked, used, capacity));
  }

  /** In thousandths of a CPU, or bytes. */
  private static long requested(Pod pod, String resource) {
    Map<String, Quantity> all = PodRequests.requests(pod.spec());
    Quantity amount = all.get(resource);
    return amount == null ? 0 : resource.equals("cpu") ? amount.milliValue() : amount.value();
  }
}
