package dev.kapell.control.match;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The resources that a pod asks for as a whole: the sum of its containers and sidecars, or the most
 * that an init container needs beside the sidecars started before it, whichever is more, and its
 * overhead; a request of the pod itself counts in place of all that. Pure.
 */
public final class PodRequests {
  private PodRequests() {}

  /** What it asks for. */
  public static Map<String, Quantity> requests(PodSpec spec) {
    return total(spec, ResourceRequirements::requests);
  }

  /**
   * What it is limited to; a resource that some container leaves open is summed over the others.
   */
  public static Map<String, Quantity> limits(PodSpec spec) {
    return total(spec, ResourceRequirements::limits);
  }

  private static Map<String, Quantity> total(
      PodSpec spec, Function<ResourceRequirements, Map<String, Quantity>> part) {
    Map<String, Quantity> running = new LinkedHashMap<>();
    for (Container container : spec.containers()) {
      add(running, of(container, part));
    }
    Map<String, Quantity> sidecars = new LinkedHashMap<>();
    Map<String, Quantity> starting = new LinkedHashMap<>();
    for (Container container : spec.initContainers()) {
      Map<String, Quantity> own = of(container, part);
      if (container.restartPolicyOr("").equals("Always")) {
        add(running, own);
        add(sidecars, own);
        sidecars.forEach((name, amount) -> starting.merge(name, amount, Quantity::max));
      } else {
        Map<String, Quantity> now = new LinkedHashMap<>(sidecars);
        add(now, own);
        now.forEach((name, amount) -> starting.merge(name, amount, Quantity::max));
      }
    }
    starting.forEach((name, amount) -> running.merge(name, amount, Quantity::max));
    if (spec.resources() != null) {
      running.putAll(part.apply(spec.resources()));
    }
    add(running, spec.overhead());
    return running;
  }

  private static Map<String, Quantity> of(
      Container container, Function<ResourceRequirements, Map<String, Quantity>> part) {
    ResourceRequirements resources = container.resources();
    return resources == null ? Map.of() : part.apply(resources);
  }

  private static void add(Map<String, Quantity> sum, Map<String, Quantity> more) {
    more.forEach((name, amount) -> sum.merge(name, amount, Quantity::plus));
  }
}
