package dev.kapell.app.explain;

import dev.kapell.app.terminal.Columns;
import dev.kapell.app.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A {@code PodExplanation} as a page. Pure. */
public final class WhyPage {
  private static final String INDENT = "  ";
  private static final int MOST_NAMES = 4;

  /** What the scheduler's rules are about, for people. */
  private static final Map<String, String> NAMES =
      Map.of(
          "TaintToleration", "taints",
          "NodeAffinity", "preferred node",
          "NodeResourcesFit", "free room",
          "NodeResourcesBalancedAllocation", "balance",
          "PodTopologySpread", "spread",
          "InterPodAffinity", "other pods",
          "ImageLocality", "images there");

  private final Map<String, Object> status;
  private final List<String> lines = new ArrayList<>();

  private WhyPage(Map<String, Object> status) {
    this.status = status;
  }

  /** The lines of the page. */
  public static List<String> of(Object explanation) {
    WhyPage page = new WhyPage(Tree.map(explanation, "status"));
    String pod =
        Tree.text(explanation, "metadata", "namespace")
            + "/"
            + Tree.text(explanation, "metadata", "name");
    page.write(pod);
    return page.lines;
  }

  /** What stands below the headline, of the {@code status} of an explanation. */
  static List<String> details(Map<String, Object> status) {
    WhyPage page = new WhyPage(status);
    page.body();
    return page.lines.isEmpty() ? List.of() : page.lines.subList(1, page.lines.size());
  }

  private void write(String pod) {
    boolean stuck = Tree.text(status, "verdict").equals("Unschedulable");
    boolean waits = Tree.text(status, "verdict").equals("Waiting");
    lines.add(pod + ": " + (stuck ? headline() : waits ? "waits" : Tree.text(status, "summary")));
    body();
  }

  private void body() {
    waits();
    refusals();
    closest();
    preemption();
    remedies();
    scores();
  }

  private String headline() {
    long nodes = Tree.number(status, 0, "nodes");
    return nodes == 0
        ? "waits, because the cluster has no node"
        : nodes == 1 ? "does not fit the only node" : "fits none of the " + nodes + " nodes";
  }

  private void title(String text) {
    lines.add("");
    lines.add(text);
  }

  private void waits() {
    List<?> waits = Tree.list(status, "waitsFor");
    if (!waits.isEmpty()) {
      title("Waits for");
      waits.forEach(line -> lines.add(INDENT + line));
    }
  }

  private void refusals() {
    List<?> refusals = Tree.list(status, "refusals");
    if (refusals.isEmpty()) {
      return;
    }
    title(
        Tree.text(status, "verdict").equals("Unschedulable")
            ? "Why not"
            : "Nodes that it cannot go to");
    List<List<String>> rows = new ArrayList<>();
    for (Object refusal : refusals) {
      long count = Tree.number(refusal, 0, "count");
      rows.add(
          List.of(
              INDENT + count + (count == 1 ? " node" : " nodes"),
              Tree.text(refusal, "message"),
              names(Tree.list(refusal, "nodes"), count)));
    }
    table(rows);
  }

  private static String names(List<?> names, long count) {
    StringJoiner joiner = new StringJoiner(", ");
    names.stream().limit(MOST_NAMES).forEach(name -> joiner.add(String.valueOf(name)));
    long more = count - Math.min(MOST_NAMES, names.size());
    return names.isEmpty() ? "" : joiner + (more > 0 ? " and " + more + " more" : "");
  }

  private void closest() {
    Map<String, Object> closest = Tree.map(status, "closest");
    if (closest.isEmpty()) {
      return;
    }
    title("Closest: " + Tree.text(closest, "nodeName"));
    List<?> lacks = Tree.list(closest, "lacks");
    List<List<String>> rows = new ArrayList<>();
    for (Object lack : lacks) {
      rows.add(
          List.of(
              INDENT + Tree.text(lack, "resource"),
              "asks for " + Tree.text(lack, "needs"),
              Tree.text(lack, "free") + " of " + Tree.text(lack, "total") + " free",
              Tree.text(lack, "missing") + " missing"));
    }
    table(rows);
    if (lacks.isEmpty()) {
      Tree.list(closest, "reasons").forEach(reason -> lines.add(INDENT + reason));
    }
  }

  private void preemption() {
    Map<String, Object> room = Tree.map(status, "preemption");
    if (room.isEmpty()) {
      return;
    }
    title("Making room");
    lines.add(INDENT + Tree.text(room, "message"));
    for (Object victim : Tree.list(room, "victims")) {
      lines.add(
          INDENT
              + INDENT
              + Tree.text(victim, "namespace")
              + "/"
              + Tree.text(victim, "name")
              + " (priority "
              + Tree.number(victim, 0, "priority")
              + ", on "
              + Tree.text(room, "nodeName")
              + ")");
    }
  }

  private void remedies() {
    List<?> remedies = Tree.list(status, "remedies");
    if (remedies.isEmpty()) {
      return;
    }
    title(
        remedies.size() == 1 ? "What would make it fit" : "What would make it fit (one of these)");
    for (Object remedy : remedies) {
      String node = Tree.text(remedy, "nodeName");
      List<?> steps = Tree.list(remedy, "steps");
      for (int i = 0; i < steps.size(); i++) {
        lines.add(
            INDENT + (i == 0 ? node + ": " : " ".repeat(node.length()) + "  and ") + steps.get(i));
      }
    }
  }

  private void scores() {
    List<?> scores = Tree.list(status, "scores");
    if (scores.isEmpty()) {
      return;
    }
    title("Nodes that fit, the best first");
    List<List<String>> rows = new ArrayList<>();
    for (Object score : scores) {
      StringJoiner parts = new StringJoiner(", ");
      Tree.map(score, "parts")
          .forEach(
              (name, points) -> {
                if (!number(points).equals("0.0")) {
                  parts.add(NAMES.getOrDefault(name, name) + " " + number(points));
                }
              });
      rows.add(
          List.of(
              INDENT + Tree.text(score, "nodeName"),
              number(Tree.at(score, "total")),
              parts.toString()));
    }
    table(rows);
  }

  private static String number(@Nullable Object points) {
    return points instanceof Number value
        ? String.format(Locale.ROOT, "%.1f", value.doubleValue())
        : "";
  }

  private void table(List<List<String>> rows) {
    if (!rows.isEmpty()) {
      lines.addAll(Columns.lines(rows.getFirst(), rows.subList(1, rows.size())));
    }
  }
}
