package dev.kapell.scheduler.why;

import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to "why is this pod where it is, or nowhere?".
 *
 * @param pod which one
 * @param verdict in one word, for machines
 * @param summary in one sentence, for people
 * @param node where it is; empty when it has no node
 * @param waitsFor what has to happen before it is looked at, one line each
 * @param refusals what the filters say, the reason that counts most nodes first
 * @param nodes how many nodes there are
 * @param fits the nodes that fit now
 * @param closest the node that nearly fits
 * @param room what preemption would cost
 * @param remedies what would make it fit, each of them by itself
 * @param scores the nodes that fit, the best first
 */
public record Report(
    ObjectKey pod,
    Verdict verdict,
    String summary,
    String node,
    List<String> waitsFor,
    List<Refused> refusals,
    int nodes,
    int fits,
    Optional<Closest> closest,
    Optional<Room> room,
    List<Remedy> remedies,
    List<Scored> scores) {
  /** So many names are told of nodes that are refused for one reason. */
  static final int MOST_NAMES = 10;

  /** Copies. */
  public Report {
    waitsFor = List.copyOf(waitsFor);
    refusals = List.copyOf(refusals);
    remedies = List.copyOf(remedies);
    scores = List.copyOf(scores);
  }

  /** How it stands with a pod. */
  public enum Verdict {
    /** It has a node. */
    BOUND("Bound"),
    /** It ran to its end. */
    FINISHED("Finished"),
    /** It is being deleted before it ever ran. */
    TERMINATING("Terminating"),
    /** It is not looked at yet: gates, claims, a gang that is not complete, a queue. */
    WAITING("Waiting"),
    /** It is another scheduler's. */
    FOREIGN("OtherScheduler"),
    /** No node fits. */
    UNSCHEDULABLE("Unschedulable"),
    /** A node fits; it will be bound in a moment. */
    SCHEDULABLE("Schedulable");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** As the API says it. */
    public String word() {
      return word;
    }
  }

  /**
   * A reason that keeps nodes out.
   *
   * @param reason in Kubernetes' words
   * @param plain in everybody's
   * @param count how many nodes
   * @param nodes the first of their names
   */
  public record Refused(String reason, String plain, int count, List<String> nodes) {
    /** Copies. */
    public Refused {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * What preemption comes to.
   *
   * @param note in one sentence
   * @param cost what would be evicted; empty when that helps nowhere
   * @param allowed whether the pod may have it evicted as it is
   */
  public record Room(String note, Optional<Cost> cost, boolean allowed) {}

  /** The same for somebody who may not see nodes, nor pods in other namespaces. */
  public Report withoutNodes() {
    return new Report(
        pod,
        verdict,
        summary,
        node,
        waitsFor,
        refusals.stream()
            .map(r -> new Refused(r.reason(), r.plain(), r.count(), List.of()))
            .toList(),
        nodes,
        fits,
        Optional.empty(),
        room.map(r -> new Room(r.note(), Optional.empty(), r.allowed())),
        List.of(),
        List.of());
  }

  /** As the {@code status} of the API's object. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("verdict", verdict.word());
    tree.put("summary", summary);
    if (!node.isEmpty()) {
      tree.put("nodeName", node);
    }
    if (!waitsFor.isEmpty()) {
      tree.put("waitsFor", new ArrayList<Object>(waitsFor));
    }
    tree.put("nodes", (long) nodes);
    tree.put("nodesThatFit", (long) fits);
    tree.put("refusals", list(refusals.stream().map(Report::tree).toList()));
    closest.ifPresent(one -> tree.put("closest", tree(one)));
    room.ifPresent(one -> tree.put("preemption", tree(one)));
    tree.put("remedies", list(remedies.stream().map(Report::tree).toList()));
    tree.put("scores", list(scores.stream().map(Report::tree).toList()));
    return tree;
  }

  private static List<Object> list(List<Map<String, Object>> items) {
    return new ArrayList<>(items);
  }

  private static Map<String, Object> tree(Refused refused) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("reason", refused.reason());
    tree.put("message", refused.plain());
    tree.put("count", (long) refused.count());
    tree.put("nodes", new ArrayList<Object>(refused.nodes()));
    return tree;
  }

  private static Map<String, Object> tree(Closest closest) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("nodeName", closest.node());
    tree.put("reasons", new ArrayList<Object>(closest.reasons()));
    List<Object> lacks = new ArrayList<>();
    for (Closest.Lack lack : closest.lacks()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("resource", lack.resource());
      each.put("needs", lack.needs());
      each.put("free", lack.free());
      each.put("total", lack.total());
      each.put("missing", lack.missing());
      lacks.add(each);
    }
    tree.put("lacks", lacks);
    return tree;
  }

  private static Map<String, Object> tree(Room room) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("allowed", room.allowed());
    tree.put("message", room.note());
    room.cost()
        .ifPresent(
            cost -> {
              tree.put("nodeName", cost.node());
              tree.put("needsPriority", (long) cost.needsPriority());
              tree.put("victims", victims(cost));
            });
    return tree;
  }

  private static List<Object> victims(Cost cost) {
    List<Object> victims = new ArrayList<>();
    for (Cost.Victim victim : cost.victims()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("namespace", victim.pod().namespace());
      each.put("name", victim.pod().name());
      each.put("priority", (long) victim.priority());
      victims.add(each);
    }
    return victims;
  }

  private static Map<String, Object> tree(Remedy remedy) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("nodeName", remedy.node());
    tree.put("steps", new ArrayList<Object>(remedy.steps()));
    return tree;
  }

  private static Map<String, Object> tree(Scored scored) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("nodeName", scored.node());
    tree.put("total", rounded(scored.total()));
    Map<String, Object> parts = new LinkedHashMap<>();
    scored.parts().forEach((name, points) -> parts.put(name, rounded(points)));
    tree.put("parts", parts);
    return tree;
  }

  private static double rounded(double points) {
    return Math.round(points * 10) / 10.0;
  }
}
