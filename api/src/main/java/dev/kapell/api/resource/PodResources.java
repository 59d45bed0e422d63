package dev.kapell.api.resource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pod asks for, or is limited to: the sum of its containers and sidecars, or the most that
 * an init container needs beside the sidecars started before it, whichever is more, and its
 * overhead; what the pod itself states counts in place of all that.
 *
 * @param containers the amounts of each, by resource
 * @param starting the init containers, in order
 * @param own what the pod itself states
 * @param overhead what comes on top
 */
public record PodResources(
    List<Map<String, Quantity>> containers,
    List<Init> starting,
    Map<String, Quantity> own,
    Map<String, Quantity> overhead) {

  /**
   * An init container.
   *
   * @param sidecar it goes on running
   */
  public record Init(Map<String, Quantity> amounts, boolean sidecar) {}

  /**
   * Amounts of the whole pod by resource; those that some container leaves open are of the rest.
   */
  public Map<String, Quantity> total() {
    Map<String, Quantity> running = new LinkedHashMap<>();
    containers.forEach(container -> add(running, container));
    Map<String, Quantity> sidecars = new LinkedHashMap<>();
    Map<String, Quantity> peak = new LinkedHashMap<>();
    for (Init init : starting) {
      Map<String, Quantity> now = new LinkedHashMap<>(sidecars);
      add(now, init.amounts());
      if (init.sidecar()) {
        add(running, init.amounts());
        sidecars = now;
      }
      most(peak, now);
    }
    most(running, peak);
    running.putAll(own);
    add(running, overhead);
    return running;
  }

  private static void add(Map<String, Quantity> sum, Map<String, Quantity> more) {
    more.forEach((name, amount) -> sum.merge(name, amount, Quantity::plus));
  }

  private static void most(Map<String, Quantity> most, Map<String, Quantity> other) {
    other.forEach((name, amount) -> most.merge(name, amount, Quantity::max));
  }
}
