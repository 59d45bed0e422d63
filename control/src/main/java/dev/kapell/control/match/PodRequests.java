package dev.kapell.control.match;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.PodResources;
import dev.kapell.api.resource.Quantity;
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

  private static PodResources.Init init(Container container) {
    return new PodResources.Init(
        of(container.resources()), container.restartPolicyOr("").equals("Always"));
  }

  private static Map<String, Quantity> of(@Nullable ResourceRequirements resources) {
    return resources == null ? Map.of() : resources.requests();
  }
}
