package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.control.match.PodRequests;
import dev.kapell.sim.story.Moment;
import java.util.Map;
import java.util.Optional;

/** The pods of a queue that have nodes never ask for more than the queue's limit. */
final class QueueLimitKept implements Law {
  private static final ObjectKey DEFINED_IN = new ObjectKey("kube-system", "scheduling-queues");

  @Override
  public void at(Moment moment, Scene scene) {
    if (!Bindings.isBinding(moment)) {
      return;
    }
    String queue = queue(moment.after(Pod.class).orElseThrow());
    Optional<Quantity> limit =
        scene.picture().find(Types.CONFIG_MAP, DEFINED_IN).flatMap(map -> limit(map, queue));
    Quantity asked =
        scene.picture().all(Types.POD).stream()
            .filter(pod -> queue(pod).equals(queue) && !pod.spec().nodeNameOr("").isEmpty())
            .filter(pod -> !Facts.isFinished(pod))
            .map(pod -> PodRequests.requests(pod.spec()).getOrDefault("cpu", Quantity.ZERO))
            .reduce(Quantity.ZERO, Quantity::plus);
    if (limit.isPresent() && asked.compareTo(limit.get()) > 0) {
      scene.broken(
          this,
          "the pods of queue " + queue + " ask for " + asked + ", its limit is " + limit.get());
    }
  }

  private static String queue(Pod pod) {
    return pod.metadata().labels().getOrDefault(BatchMarks.QUEUE, "");
  }

  private static Optional<Quantity> limit(ConfigMap definitions, String queue) {
    return Yaml.document(definitions.data().getOrDefault(queue, "{}")) instanceof Map<?, ?> fields
            && fields.get("limit") instanceof Map<?, ?> limit
        ? Optional.ofNullable(limit.get("cpu")).map(String::valueOf).map(Quantity::parse)
        : Optional.empty();
  }
}
