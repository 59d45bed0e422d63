package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a pod is treated when resources run short (reference: Pod Quality of Service Classes). */
public enum QosClass {
  GUARANTEED("Guaranteed"),
  BURSTABLE("Burstable"),
  BEST_EFFORT("BestEffort");

  private static final List<String> COUNTED = List.of("cpu", "memory");

  private final String apiName;

  QosClass(String apiName) {
    this.apiName = apiName;
  }

  /** As the API writes it. */
  public String apiName() {
    return apiName;
  }

  /** The class of a pod; what the pod asks for as a whole counts in place of its containers'. */
  public static QosClass of(Pod pod) {
    ResourceRequirements whole = pod.spec().resources();
    if (asksForAnything(whole)) {
      return guaranteed(whole) ? GUARANTEED : BURSTABLE;
    }
    List<Container> containers =
        Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
            .toList();
    if (containers.stream().noneMatch(c -> asksForAnything(c.resources()))) {
      return BEST_EFFORT;
    }
    return containers.stream().allMatch(c -> guaranteed(c.resources())) ? GUARANTEED : BURSTABLE;
  }

  private static boolean asksForAnything(@Nullable ResourceRequirements resources) {
    return resources != null
        && COUNTED.stream()
            .anyMatch(
                name -> positive(resources.requests(), name) || positive(resources.limits(), name));
  }

  private static boolean guaranteed(@Nullable ResourceRequirements resources) {
    return resources != null
        && COUNTED.stream()
            .allMatch(
                name -> {
                  Quantity limit = resources.limits().get(name);
                  Quantity request = resources.requests().get(name);
                  return limit != null
                      && positive(resources.limits(), name)
                      && (request == null || limit.compareTo(request) == 0);
                });
  }

  private static boolean positive(Map<String, Quantity> amounts, String name) {
    Quantity amount = amounts.get(name);
    return amount != null && amount.milliValue() > 0;
  }
}
