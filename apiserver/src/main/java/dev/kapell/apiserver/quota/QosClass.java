package dev.kapell.apiserver.quota;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The quality of service that a pod's requests and limits amount to. Pure. */
public final class QosClass {
  private static final List<String> COUNTED = List.of("cpu", "memory");

  private QosClass() {}

  /** The class, by the API's name; what the pod asks for as a whole counts before all else. */
  public static String of(Obj spec) {
    List<Obj> containers =
        isPositive(spec)
            ? List.of(spec)
            : Stream.concat(
                    spec.items("initContainers").stream(), spec.items("containers").stream())
                .toList();
    boolean any = false;
    boolean guaranteed = !containers.isEmpty();
    for (Obj container : containers) {
      Map<String, String> limits = container.child("resources").strings("limits");
      Map<String, String> requests = container.child("resources").strings("requests");
      for (String resource : COUNTED) {
        String limit = limits.get(resource);
        String request = requests.getOrDefault(resource, limit == null ? "" : limit);
        any |= isPositive(limit == null ? "" : limit) || isPositive(request);
        guaranteed &=
            limit != null
                && isPositive(limit)
                && Quantity.parse(limit).compareTo(Quantity.parse(request)) == 0;
      }
    }
    if (!any) {
      return "BestEffort";
    }
    return guaranteed ? "Guaranteed" : "Burstable";
  }

  private static boolean isPositive(Obj spec) {
    return Stream.of("limits", "requests")
        .map(part -> spec.child("resources").strings(part))
        .anyMatch(all -> COUNTED.stream().anyMatch(name -> isPositive(all.getOrDefault(name, ""))));
  }

  private static boolean isPositive(String amount) {
    return !amount.isEmpty() && Quantity.parse(amount).signum() > 0;
  }
}
