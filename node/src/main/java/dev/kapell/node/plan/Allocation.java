package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the node has given to a pod. That is what the pod's spec asked for when it came, and stays
 * so after a resize until the node can give what is asked for now (reference: Resize CPU and Memory
 * Resources assigned to Containers).
 *
 * @param resources by container name
 * @param pending why what is asked for is not given; null when it is
 */
public record Allocation(Map<String, ResourceRequirements> resources, @Nullable Pending pending) {
  private static final String PENDING = "PodResizePending";
  private static final List<String> RESIZABLE = List.of("cpu", "memory");

  /** Copies the map. */
  public Allocation {
    resources = Map.copyOf(resources);
  }

  /**
   * A resize that waits.
   *
   * @param reason {@code Infeasible}: never on this node; {@code Deferred}: not now
   * @param message what a person should read
   */
  public record Pending(String reason, String message) {}

  /** All that the pod asks for. */
  public static Allocation of(Pod pod) {
    return new Allocation(PodContainers.resources(pod), null);
  }

  /**
   * What the API was last told that the containers have; for those that have not run, and where it
   * is the same, what they ask for.
   */
  public static Allocation recorded(Pod pod) {
    Map<String, ResourceRequirements> resources = PodContainers.resources(pod);
    resources.replaceAll(
        (name, wanted) ->
            ContainerStatuses.recorded(pod, name)
                .filter(told -> !told.containerIDOr("").isEmpty())
                .map(ContainerStatus::resources)
                .filter(had -> !same(had, wanted))
                .orElse(wanted));
    Optional<Pending> pending =
        pod.status().conditions().stream()
            .filter(c -> c.typeOr("").equals(PENDING) && c.statusOr("").equals("True"))
            .map(c -> new Pending(c.reasonOr(""), c.messageOr("")))
            .findFirst();
    return new Allocation(resources, pending.orElse(null));
  }

  /** Whether it is what {@code pod} asks for. */
  public boolean isWhatIsAskedFor(Pod pod) {
    return PodContainers.resources(pod).entrySet().stream()
        .allMatch(
            asked ->
                same(resources.getOrDefault(asked.getKey(), asked.getValue()), asked.getValue()));
  }

  /** The same that waits. */
  public Allocation waiting(@Nullable Pending next) {
    return new Allocation(resources, next);
  }

  /** The pod as it runs: with what it was given in place of what it asks for. */
  public Pod applyTo(Pod pod) {
    if (isWhatIsAskedFor(pod)) {
      return pod;
    }
    var spec = pod.spec();
    return pod.withSpec(
        spec.withContainers(given(spec.containers()))
            .withInitContainers(given(spec.initContainers())));
  }

  private List<Container> given(List<Container> containers) {
    return containers.stream()
        .map(
            c -> {
              ResourceRequirements given = resources.get(c.nameOr(""));
              return given == null ? c : c.withResources(given);
            })
        .toList();
  }

  private static boolean same(ResourceRequirements one, ResourceRequirements other) {
    return same(one.requests(), other.requests()) && same(one.limits(), other.limits());
  }

  private static boolean same(Map<String, Quantity> one, Map<String, Quantity> other) {
    return RESIZABLE.stream()
        .allMatch(
            name -> {
              Quantity a = one.get(name);
              Quantity b = other.get(name);
              return a == null ? b == null : b != null && a.compareTo(b) == 0;
            });
  }
}
