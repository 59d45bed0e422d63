package dev.kapell.controllers.autoscaling;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What pods ask for of a resource. Pure. */
final class Requests {
  private Requests() {}

  /** A pod does not say how much it wants; the message is for the autoscaler's condition. */
  static final class Unknown extends Exception {
    private static final long serialVersionUID = 1L;

    Unknown(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * In thousandths, by the pod's name.
   *
   * @param container the only one that counts; empty for all
   */
  static Map<String, Long> of(List<Pod> pods, String resource, String container) throws Unknown {
    Map<String, Long> requests = new LinkedHashMap<>();
    for (Pod pod : pods) {
      requests.put(pod.metadata().nameOr(""), of(pod, resource, container));
    }
    return requests;
  }

  private static long of(Pod pod, String resource, String container) throws Unknown {
    Optional<Quantity> whole = find(pod.spec().resources(), resource);
    if (container.isEmpty() && whole.isPresent()) {
      return whole.get().milliValue();
    }
    long milli = 0;
    for (Container each : running(pod)) {
      String name = each.nameOr("");
      if (container.isEmpty() || container.equals(name)) {
        milli +=
            find(each.resources(), resource)
                .orElseThrow(
                    () ->
                        new Unknown(
                            "missing request for %s in container %s of Pod %s"
                                .formatted(resource, name, pod.metadata().nameOr(""))))
                .milliValue();
      }
    }
    return milli;
  }

  /** Containers, and init containers that go on running. */
  private static List<Container> running(Pod pod) {
    List<Container> running = new ArrayList<>(pod.spec().containers());
    pod.spec().initContainers().stream()
        .filter(each -> each.restartPolicyOr("").equals("Always"))
        .forEach(running::add);
    return running;
  }

  private static Optional<Quantity> find(@Nullable ResourceRequirements in, String resource) {
    return in == null ? Optional.empty() : Optional.ofNullable(in.requests().get(resource));
  }
}
