package dev.kapell.apiserver.quota;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One ResourceQuota: what it limits, whom it counts, and whether there is room left. */
public final class Quota {
  private static final Set<String> COMPUTE = Set.of("cpu", "memory", "ephemeral-storage");

  private final String name;
  private final Obj spec;
  private final Obj status;
  private final Map<String, Quantity> hard;

  /** Reads the stored object. */
  public Quota(Obj quota) {
    this.name = quota.child("metadata").text("name");
    this.spec = quota.child("spec");
    this.status = quota.child("status");
    this.hard = PodTotals.quantities(spec.strings("hard"));
  }

  /** The tables of the objects that it counts, as {@code pods} or {@code apps/deployments}. */
  public Set<String> resources() {
    return hard.keySet().stream()
        .map(Consumption::resourceOf)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** What {@code object} takes of what this limits; empty when it is none of its concern. */
  public Map<String, Quantity> taken(String resource, Obj object) {
    if (!Scopes.cover(spec, resource, object)) {
      return Map.of();
    }
    Map<String, Quantity> taken = new LinkedHashMap<>(Consumption.of(resource, object));
    taken.keySet().retainAll(hard.keySet());
    return taken;
  }

  /** What the status says is used; empty when it was counted for other limits, or never. */
  public Optional<Map<String, Quantity>> used() {
    Map<String, String> used = status.strings("used");
    boolean current =
        status.strings("hard").equals(spec.strings("hard"))
            && used.keySet().equals(hard.keySet())
            && status.has("hard");
    return current ? Optional.of(PodTotals.quantities(used)) : Optional.empty();
  }

  /** Nothing used. */
  public Map<String, Quantity> nothing() {
    Map<String, Quantity> none = new TreeMap<>();
    hard.keySet().forEach(each -> none.put(each, Quantity.ZERO));
    return none;
  }

  /** {@code used} after an object that took {@code before} takes {@code after}. */
  public static Map<String, Quantity> moved(
      Map<String, Quantity> used, Map<String, Quantity> before, Map<String, Quantity> after) {
    Map<String, Quantity> moved = new TreeMap<>(used);
    before.forEach((key, amount) -> moved.computeIfPresent(key, (_, sum) -> sum.minus(amount)));
    after.forEach((key, amount) -> moved.computeIfPresent(key, (_, sum) -> plus(sum, amount)));
    moved.replaceAll((_, sum) -> sum.signum() < 0 ? Quantity.ZERO : sum);
    return moved;
  }

  /** Keeps the form of the amounts, where zero has none. */
  private static Quantity plus(Quantity sum, Quantity more) {
    return sum.isZero() ? more : sum.plus(more);
  }

  /**
   * Why {@code more} does not fit; empty when it does.
   *
   * @param used before
   * @param more how much of each would come on top
   */
  public Optional<String> excess(Map<String, Quantity> used, Map<String, Quantity> more) {
    List<String> beyond =
        more.keySet().stream()
            .filter(key -> more.getOrDefault(key, Quantity.ZERO).signum() > 0)
            .filter(key -> of(used, key).plus(of(more, key)).compareTo(of(hard, key)) > 0)
            .sorted()
            .toList();
    return beyond.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "exceeded quota: %s, requested: %s, used: %s, limited: %s"
                .formatted(name, list(beyond, more), list(beyond, used), list(beyond, hard)));
  }

  private static Quantity of(Map<String, Quantity> amounts, String key) {
    return amounts.getOrDefault(key, Quantity.ZERO);
  }

  private static String list(List<String> keys, Map<String, Quantity> amounts) {
    return keys.stream().map(key -> key + "=" + of(amounts, key)).collect(Collectors.joining(","));
  }

  /** What each container of a new pod has to state because this limits it; empty when all do. */
  public Optional<String> unstated(Obj pod) {
    if (!Scopes.cover(spec, "pods", pod)) {
      return Optional.empty();
    }
    Obj podSpec = pod.child("spec");
    List<Obj> containers = new ArrayList<>(podSpec.items("initContainers"));
    containers.addAll(podSpec.items("containers"));
    List<String> missing = new ArrayList<>();
    for (String key : new TreeMap<>(hard).keySet()) {
      boolean limit = key.startsWith("limits.");
      String resource = key.replaceFirst("^(requests|limits)\\.", "");
      if (COMPUTE.contains(resource) && (limit || !key.startsWith("limits"))) {
        String part = limit ? "limits" : "requests";
        Predicate<Obj> states = owner -> PodTotals.amounts(owner, part).containsKey(resource);
        List<String> silent =
            states.test(podSpec)
                ? List.of()
                : containers.stream().filter(states.negate()).map(c -> c.text("name")).toList();
        if (!silent.isEmpty()) {
          missing.add(key + " for: " + String.join(",", silent));
        }
      }
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("failed quota: " + name + ": must specify " + String.join("; ", missing));
  }

  /** The status that says {@code used}. */
  public Map<String, Object> status(Map<String, Quantity> used) {
    Map<String, Object> texts = new TreeMap<>();
    used.forEach((key, amount) -> texts.put(key, amount.toString()));
    return Obj.tree("hard", new TreeMap<String, Object>(spec.strings("hard")), "used", texts);
  }
}
