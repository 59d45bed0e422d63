package dev.kapell.app.explain;

import dev.kapell.app.manifest.Applier.Foreseen;
import dev.kapell.app.terminal.Columns;
import dev.kapell.app.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** A plan as a page: the objects, their pods, who has to go, what does not fit. Pure. */
public final class PlanPage {
  private static final String INDENT = "  ";
  private static final int MOST_DIFFERENCES = 8;
  private static final int MOST_NODES = 6;

  private final List<String> lines = new ArrayList<>();

  private PlanPage() {}

  /**
   * The lines of the page.
   *
   * @param objects what would become of the manifests
   * @param status of the server's {@code PlacementPlan}
   */
  public static List<String> of(List<Foreseen> objects, Map<String, Object> status) {
    PlanPage page = new PlanPage();
    page.objects(objects);
    page.pods(status);
    page.stuck(status);
    page.evictions(status);
    page.refusals(status);
    page.end(status);
    return page.lines;
  }

  private void title(String text) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add(text);
  }

  private void objects(List<Foreseen> objects) {
    title("Objects");
    for (Foreseen object : objects) {
      String name = object.applied().served().shownAs() + "/" + object.applied().name();
      lines.add(INDENT + name + " would be " + word(object));
      object.differences().stream()
          .limit(MOST_DIFFERENCES)
          .forEach(line -> lines.add(INDENT + INDENT + line));
      int more = object.differences().size() - MOST_DIFFERENCES;
      if (more > 0) {
        lines.add(INDENT + INDENT + "and " + more + " more fields");
      }
    }
  }

  private static String word(Foreseen object) {
    return switch (object.applied().outcome()) {
      case CREATED -> "created";
      case CONFIGURED -> "changed";
      case UNCHANGED -> "left as it is";
    };
  }

  private void pods(Map<String, Object> status) {
    List<List<String>> rows = new ArrayList<>();
    for (Object workload : Tree.list(status, "workloads")) {
      rows.add(List.of(INDENT + name(workload), sum(workload), where(workload)));
    }
    if (!rows.isEmpty()) {
      title("Pods");
      lines.addAll(Columns.lines(rows.getFirst(), rows.subList(1, rows.size())));
    }
  }

  private static String name(Object workload) {
    String namespace = Tree.text(workload, "namespace");
    return Tree.text(workload, "kind").toLowerCase(Locale.ROOT)
        + " "
        + (namespace.isEmpty() ? "" : namespace + "/")
        + Tree.text(workload, "name");
  }

  private static String sum(Object workload) {
    long lands = 0;
    for (Object landing : Tree.list(workload, "landings")) {
      lands += Tree.number(landing, 0, "pods");
    }
    long stuck = 0;
    for (Object one : Tree.list(workload, "stuck")) {
      stuck += Tree.number(one, 0, "pods");
    }
    long deleted = Tree.number(workload, 0, "podsDeleted");
    StringJoiner joiner = new StringJoiner(", ");
    if (lands + stuck > 0) {
      joiner.add((lands + stuck) + " new");
    }
    if (deleted > 0) {
      joiner.add(deleted + " old ones go");
    }
    if (stuck > 0) {
      joiner.add(stuck + " without a node");
    }
    return joiner.length() == 0 ? "no new pod" : joiner.toString();
  }

  private static String where(Object workload) {
    List<?> landings = Tree.list(workload, "landings");
    StringJoiner joiner = new StringJoiner(", ");
    for (Object landing : landings.subList(0, Math.min(MOST_NODES, landings.size()))) {
      long pods = Tree.number(landing, 0, "pods");
      joiner.add(Tree.text(landing, "nodeName") + (pods > 1 ? " × " + pods : ""));
    }
    int more = landings.size() - MOST_NODES;
    String message = Tree.text(workload, "message");
    return message.isEmpty() ? joiner + (more > 0 ? " and " + more + " more nodes" : "") : message;
  }

  private void stuck(Map<String, Object> status) {
    for (Object workload : Tree.list(status, "workloads")) {
      for (Object one : Tree.list(workload, "stuck")) {
        long pods = Tree.number(one, 0, "pods");
        title(
            (pods == 1 ? "Does not fit: " : pods + " pods do not fit: ")
                + name(workload)
                + (pods == 1 ? " (" + Tree.text(one, "first") + ")" : ""));
        lines.addAll(WhyPage.details(Tree.map(one, "why")));
      }
    }
  }

  private void evictions(Map<String, Object> status) {
    List<?> evictions = Tree.list(status, "evictions");
    if (evictions.isEmpty()) {
      return;
    }
    title("Evicted to make room");
    List<List<String>> rows = new ArrayList<>();
    for (Object eviction : evictions) {
      String then = Tree.text(eviction, "then");
      rows.add(
          List.of(
              INDENT + Tree.text(eviction, "namespace") + "/" + Tree.text(eviction, "name"),
              "priority " + Tree.number(eviction, 0, "priority"),
              "on " + Tree.text(eviction, "nodeName"),
              "for " + name(Tree.map(eviction, "for")),
              then.isEmpty() ? "and then without a node" : "made anew on " + then));
    }
    lines.addAll(Columns.lines(rows.getFirst(), rows.subList(1, rows.size())));
  }

  private void refusals(Map<String, Object> status) {
    List<?> refusals = Tree.list(status, "refusals");
    if (!refusals.isEmpty()) {
      title("Refused");
      refusals.forEach(message -> lines.add(INDENT + message));
    }
  }

  private void end(Map<String, Object> status) {
    long lands = Tree.number(status, 0, "podsThatLand");
    long stays = Tree.number(status, 0, "podsThatStay");
    long evicted = Tree.number(status, 0, "podsEvicted");
    lines.add("");
    lines.add(
        (stays == 0 ? "Everything fits" : lands + " of " + (lands + stays) + " new pods fit")
            + (evicted == 0 ? ", nothing is evicted." : ", " + evicted + " pods are evicted.")
            + " Nothing has been changed.");
  }
}
