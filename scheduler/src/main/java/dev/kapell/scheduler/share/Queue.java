package dev.kapell.scheduler.share;

import dev.kapell.api.DecodeException;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.Quantity;
import dev.kapell.control.match.BatchMarks;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue, as its object defines it.
 *
 * @param name what pods say in their label
 * @param weight its part of the cluster beside others
 * @param guarantee what it gets back when it needs it; empty: its part by weight
 * @param limit what it may never exceed; a resource that is not named is not limited
 */
public record Queue(
    String name, double weight, Map<String, Quantity> guarantee, Map<String, Quantity> limit) {
  /** Copies. */
  public Queue {
    guarantee = Map.copyOf(guarantee);
    limit = Map.copyOf(limit);
  }

  /** The queue that a pod names; empty for none. */
  public static String of(Pod pod) {
    return pod.metadata().labels().getOrDefault(BatchMarks.QUEUE, "");
  }

  /** Reads the {@code spec} of an object that its definition has let pass. */
  public static Queue read(String name, Map<String, Object> spec) {
    double weight = spec.get("weight") instanceof Number number ? number.doubleValue() : 1;
    return new Queue(name, weight, amounts(spec.get("guarantee")), amounts(spec.get("limit")));
  }

  private static Map<String, Quantity> amounts(@Nullable Object tree) {
    Map<String, Quantity> amounts = new LinkedHashMap<>();
    if (tree instanceof Map<?, ?> map) {
      map.forEach(
          (resource, amount) -> {
            try {
              amounts.put(String.valueOf(resource), Quantity.parse(String.valueOf(amount)));
            } catch (DecodeException | IllegalArgumentException e) {
              // The definition's pattern keeps such amounts out; one from before it says nothing.
              amounts.remove(String.valueOf(resource));
            }
          });
    }
    return amounts;
  }
}
