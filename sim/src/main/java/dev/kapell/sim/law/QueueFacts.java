package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.control.match.PodRequests;
import dev.kapell.sim.story.Picture;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue as it is defined, by processor time alone, in thousandths of cores.
 *
 * @param weight its part beside others
 * @param guarantee what it gets back; empty: its part by weight
 * @param limit what it never exceeds; empty: anything
 */
record QueueFacts(double weight, Optional<Long> guarantee, Optional<Long> limit) {
  private static final ObjectKey DEFINED_IN = new ObjectKey("kube-system", "scheduling-queues");

  /** All queues by name. */
  static Map<String, QueueFacts> all(Picture picture) {
    Map<String, QueueFacts> queues = new TreeMap<>();
    picture
        .find(Types.CONFIG_MAP, DEFINED_IN)
        .map(ConfigMap::data)
        .ifPresent(data -> data.forEach((name, text) -> queues.put(name, read(text))));
    return queues;
  }

  private static QueueFacts read(String text) {
    Map<?, ?> fields = Yaml.document(text) instanceof Map<?, ?> map ? map : Map.of();
    double weight = fields.get("weight") instanceof Number number ? number.doubleValue() : 1;
    return new QueueFacts(weight, cpu(fields.get("guarantee")), cpu(fields.get("limit")));
  }

  private static Optional<Long> cpu(@Nullable Object amounts) {
    return amounts instanceof Map<?, ?> map && map.get("cpu") != null
        ? Optional.of(milli(Quantity.parse(String.valueOf(map.get("cpu")))))
        : Optional.empty();
  }

  /** What pods of the queue of this name may claim back, of {@code total} altogether. */
  static long entitlement(Map<String, QueueFacts> queues, String name, long total) {
    QueueFacts queue = queues.get(name);
    if (queue == null) {
      return 0;
    }
    double weights = queues.values().stream().mapToDouble(QueueFacts::weight).sum();
    return queue.guarantee().orElse((long) (total * queue.weight() / weights));
  }

  /** The queue that a pod names; empty for none. */
  static String of(Pod pod) {
    return pod.metadata().labels().getOrDefault(BatchMarks.QUEUE, "");
  }

  /** What a pod asks for. */
  static long milli(Pod pod) {
    return milli(PodRequests.requests(pod.spec()).getOrDefault("cpu", Quantity.ZERO));
  }

  static long milli(Quantity quantity) {
    return quantity.amount().movePointRight(3).longValue();
  }

  /** Pods that have a node and have not ended. */
  static Stream<Pod> placed(Picture picture) {
    return picture.all(Types.POD).stream()
        .filter(pod -> !pod.spec().nodeNameOr("").isEmpty() && !Facts.isFinished(pod));
  }

  /** How much the pods of a queue have. */
  static long used(Picture picture, String queue) {
    return placed(picture).filter(pod -> of(pod).equals(queue)).mapToLong(QueueFacts::milli).sum();
  }
}
