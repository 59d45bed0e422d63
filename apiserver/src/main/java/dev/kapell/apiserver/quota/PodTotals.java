package dev.kapell.apiserver.quota;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The resources of a pod as a whole: the sum of its containers and sidecars, or the most that an
 * init container needs beside the sidecars started before it, whichever is more, and its overhead;
 * what the pod itself asks for counts in place of all that.
 */
public final class PodTotals {
  private PodTotals() {}

  /**
   * Amounts by resource.
   *
   * @param part {@code requests} or {@code limits}
   */
  public static Map<String, Quantity> of(Obj spec, String part) {
    Map<String, Quantity> running = new LinkedHashMap<>();
    spec.items("containers").forEach(container -> add(running, amounts(container, part)));
    Map<String, Quantity> sidecars = new LinkedHashMap<>();
    Map<String, Quantity> starting = new LinkedHashMap<>();
    for (Obj container : spec.items("initContainers")) {
      Map<String, Quantity> now = new LinkedHashMap<>(sidecars);
      add(now, amounts(container, part));
      if (container.text("restartPolicy").equals("Always")) {
        add(running, amounts(container, part));
        sidecars.putAll(now);
      }
      most(starting, now);
    }
    most(running, starting);
    running.putAll(amounts(spec, part));
    add(running, quantities(spec.strings("overhead")));
    return running;
  }

  /** What a container, or a pod as a whole, states. */
  public static Map<String, Quantity> amounts(Obj container, String part) {
    return quantities(container.child("resources").strings(part));
  }

  /** Whether neither the pod nor any of its containers asks for cpu or memory. */
  static boolean isBestEffort(Obj spec) {
    return List.of("requests", "limits").stream()
        .allMatch(
            part -> {
              Map<String, Quantity> totals = of(spec, part);
              return List.of("cpu", "memory").stream()
                  .allMatch(name -> totals.getOrDefault(name, Quantity.ZERO).isZero());
            });
  }

  static Map<String, Quantity> quantities(Map<String, String> texts) {
    Map<String, Quantity> quantities = new LinkedHashMap<>();
    texts.forEach((name, text) -> quantities.put(name, Quantity.parse(text)));
    return quantities;
  }

  private static void add(Map<String, Quantity> sum, Map<String, Quantity> more) {
    more.forEach((name, amount) -> sum.merge(name, amount, Quantity::plus));
  }

  private static void most(Map<String, Quantity> most, Map<String, Quantity> other) {
    other.forEach((name, amount) -> most.merge(name, amount, Quantity::max));
  }
}
