package dev.kapell.apiserver.quota;

import dev.kapell.api.resource.PodResources;
import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The resources of a pod as a whole, as {@link PodResources} counts. Pure. */
public final class PodTotals {
  private PodTotals() {}

  /**
   * Amounts by resource.
   *
   * @param part {@code requests} or {@code limits}
   */
  public static Map<String, Quantity> of(Obj spec, String part) {
    return new PodResources(
            spec.items("containers").stream().map(each -> amounts(each, part)).toList(),
            spec.items("initContainers").stream().map(each -> init(each, part)).toList(),
            amounts(spec, part),
            quantities(spec.strings("overhead")))
        .total();
  }

  private static PodResources.Init init(Obj container, String part) {
    return new PodResources.Init(
        amounts(container, part), container.text("restartPolicy").equals("Always"));
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
}
