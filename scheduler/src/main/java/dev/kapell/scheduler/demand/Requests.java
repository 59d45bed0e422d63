package dev.kapell.scheduler.demand;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import dev.kapell.control.match.PodRequests;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod's amounts by column of {@link ResourceNames}.
 *
 * @param asked what it asks for
 * @param usual the same, where containers that ask for no CPU or memory count with a usual amount;
 *     nodes are compared by it
 */
@SuppressWarnings("ArrayRecordComponent") // only Shape holds it, which compares contents
record Requests(long[] asked, long[] usual) {
  /** What a container without a request of its own is taken to use when nodes are compared. */
  private static final Map<String, Quantity> USUAL =
      Map.of("cpu", Quantity.ofMilli(100), "memory", Quantity.ofBytes(200L << 20));

  static Requests of(Pod pod, ResourceNames names) {
    long[] asked = columns(PodRequests.requests(pod), names);
    boolean silent =
        pod.spec().containers().stream().anyMatch(c -> !asks(c))
            || pod.spec().initContainers().stream().anyMatch(c -> !asks(c));
    return new Requests(
        asked, silent ? columns(PodRequests.requests(withUsual(pod)), names) : asked);
  }

  private static long[] columns(Map<String, Quantity> amounts, ResourceNames names) {
    Map<String, Quantity> wanted = new HashMap<>(amounts);
    wanted.put("pods", Quantity.of(1));
    return names.columns(wanted);
  }

  private static boolean asks(Container container) {
    ResourceRequirements resources = container.resources();
    return resources != null && resources.requests().keySet().containsAll(USUAL.keySet());
  }

  private static Pod withUsual(Pod pod) {
    PodSpec spec = pod.spec();
    return pod.withSpec(
        spec.withContainers(withUsual(spec.containers()))
            .withInitContainers(withUsual(spec.initContainers())));
  }

  private static List<Container> withUsual(List<Container> containers) {
    return containers.stream().map(Requests::withUsual).toList();
  }

  private static Container withUsual(Container container) {
    ResourceRequirements resources = container.resources();
    Map<String, Quantity> requests = new HashMap<>(USUAL);
    if (resources != null) {
      requests.putAll(resources.requests());
    }
    ResourceRequirements.Builder builder = ResourceRequirements.builder().requests(requests);
    return container.withResources(builder.build());
  }
}
