package dev.kapell.foresight;

import dev.kapell.api.ApiObject;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.why.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a plan comes to, by workload. One thread's. */
final class Outcomes {
  private static final class Workload {
    final Map<String, Long> landings = new TreeMap<>();
    final Map<String, Stuck> stuck = new LinkedHashMap<>();
    long deleted;
    String note = "";
  }

  private static final class Stuck {
    final Report why;
    final List<String> pods = new ArrayList<>();

    Stuck(Report why) {
      this.why = why;
    }
  }

  private record Name(String kind, ObjectKey key) {
    static Name of(ApiObject object) {
      return new Name(object.kind(), ObjectKey.of(object));
    }

    Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("kind", kind);
      tree.put("namespace", key.namespace());
      tree.put("name", key.name());
      return tree;
    }
  }

  private static final class Eviction {
    final Pod pod;
    final Name winner;
    String then = "";

    Eviction(Pod pod, Name winner) {
      this.pod = pod;
      this.winner = winner;
    }
  }

  private final Map<Name, Workload> workloads = new LinkedHashMap<>();
  private final Map<ObjectKey, String> landed = new LinkedHashMap<>();
  private final List<Eviction> evictions = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();

  private Workload of(ApiObject object) {
    return workloads.computeIfAbsent(Name.of(object), n -> new Workload());
  }

  void workload(ApiObject object) {
    of(object);
  }

  void note(ApiObject object, String text) {
    of(object).note = text;
  }

  void refusal(String message) {
    refusals.add(message);
  }

  void lands(ApiObject madeFor, Pod pod) {
    of(madeFor).landings.merge(pod.spec().nodeNameOr(""), 1L, Long::sum);
    landed.put(ObjectKey.of(pod), pod.spec().nodeNameOr(""));
  }

  void stays(ApiObject madeFor, Pod pod, Report why) {
    of(madeFor)
        .stuck
        .computeIfAbsent(why.summary(), s -> new Stuck(why))
        .pods
        .add(pod.metadata().nameOr(""));
  }

  /** A pod of the plan that goes again leaves no trace, another one counts. */
  void deleted(ApiObject madeFor, Pod pod) {
    Workload workload = of(madeFor);
    String node = landed.remove(ObjectKey.of(pod));
    if (node != null) {
      workload.landings.computeIfPresent(node, (n, count) -> count == 1 ? null : count - 1);
      return;
    }
    String name = pod.metadata().nameOr("");
    boolean wasStuck = workload.stuck.values().stream().anyMatch(s -> s.pods.remove(name));
    workload.stuck.values().removeIf(s -> s.pods.isEmpty());
    workload.deleted += wasStuck ? 0 : 1;
  }

  void evicted(Pod victim, ApiObject winner) {
    evictions.add(new Eviction(victim, Name.of(winner)));
  }

  /** Those that some controller outside of the plan makes anew. */
  List<Pod> evictedByOthers() {
    return evictions.stream()
        .map(eviction -> eviction.pod)
        .filter(
            pod ->
                pod.metadata().ownerReferences().stream().anyMatch(o -> o.controllerOr(false))
                    && !landed.containsKey(ObjectKey.of(pod)))
        .toList();
  }

  void resettled(Pod victim, String node) {
    evictions.stream().filter(e -> e.pod.equals(victim)).forEach(e -> e.then = node);
  }

  /** As the {@code status} of the API's object. */
  Map<String, Object> tree() {
    List<Object> all = new ArrayList<>();
    long lands = 0;
    long stays = 0;
    for (Map.Entry<Name, Workload> entry : workloads.entrySet()) {
      Workload workload = entry.getValue();
      all.add(tree(entry.getKey(), workload));
      lands += workload.landings.values().stream().mapToLong(l -> l).sum();
      stays += workload.stuck.values().stream().mapToLong(s -> s.pods.size()).sum();
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("podsThatLand", lands);
    tree.put("podsThatStay", stays);
    tree.put("podsEvicted", (long) evictions.size());
    tree.put("workloads", all);
    tree.put("evictions", evictions.stream().map(Outcomes::tree).map(Object.class::cast).toList());
    tree.put("refusals", new ArrayList<Object>(refusals));
    return tree;
  }

  private static Map<String, Object> tree(Name name, Workload workload) {
    Map<String, Object> tree = name.tree();
    tree.put("podsDeleted", workload.deleted);
    if (!workload.note.isEmpty()) {
      tree.put("message", workload.note);
    }
    List<Object> landings = new ArrayList<>();
    workload.landings.forEach(
        (node, count) -> {
          Map<String, Object> each = new LinkedHashMap<>();
          each.put("nodeName", node);
          each.put("pods", count);
          landings.add(each);
        });
    tree.put("landings", landings);
    List<Object> stuck = new ArrayList<>();
    for (Stuck one : workload.stuck.values()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("pods", (long) one.pods.size());
      each.put("first", one.pods.getFirst());
      each.put("why", one.why.tree());
      stuck.add(each);
    }
    tree.put("stuck", stuck);
    return tree;
  }

  private static Map<String, Object> tree(Eviction eviction) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("namespace", eviction.pod.metadata().namespaceOr(""));
    tree.put("name", eviction.pod.metadata().nameOr(""));
    tree.put("priority", (long) eviction.pod.spec().priorityOr(0));
    tree.put("nodeName", eviction.pod.spec().nodeNameOr(""));
    tree.put("for", eviction.winner.tree());
    tree.put("then", eviction.then);
    return tree;
  }
}
