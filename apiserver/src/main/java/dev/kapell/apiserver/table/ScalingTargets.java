package dev.kapell.apiserver.table;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;

/** What an autoscaler aims at and what it measured, in kubectl's short form. Pure. */
final class ScalingTargets {
  private static final String UNKNOWN = "<unknown>";
  private static final int MOST = 2;

  private ScalingTargets() {}

  /** One {@code current/target} for each metric, in their order; the first two and a count. */
  static String of(Obj autoscaler) {
    List<Obj> metrics = autoscaler.child("spec").items("metrics");
    List<Obj> measured = autoscaler.child("status").items("currentMetrics");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      all.add(of(metrics.get(i), i < measured.size() ? measured.get(i) : Obj.root(Obj.tree())));
    }
    if (all.isEmpty()) {
      return "<none>";
    }
    int more = all.size() - MOST;
    String shown = String.join(", ", all.subList(0, Math.min(MOST, all.size())));
    return more > 0 ? shown + " + " + more + " more..." : shown;
  }

  private static String of(Obj metric, Obj measured) {
    return switch (metric.text("type")) {
      case "Resource" -> resource(metric.child("resource"), measured.child("resource"));
      case "ContainerResource" ->
          resource(metric.child("containerResource"), measured.child("containerResource"));
      case "Pods" ->
          pair(measured.child("pods"), metric.child("pods").child("target"), "averageValue");
      case "Object" -> shared(metric.child("object"), measured.child("object"));
      case "External" -> shared(metric.child("external"), measured.child("external"));
      default -> "<unknown type>";
    };
  }

  private static String resource(Obj metric, Obj measured) {
    Obj target = metric.child("target");
    String name = metric.text("name") + ": ";
    if (target.has("averageValue")) {
      return name + pair(measured, target, "averageValue");
    }
    Obj current = measured.child("current");
    String now =
        current.has("averageUtilization") ? current.number("averageUtilization", 0) + "%" : UNKNOWN;
    return name + now + "/" + target.number("averageUtilization", 0) + "%";
  }

  private static String shared(Obj metric, Obj measured) {
    Obj target = metric.child("target");
    return target.has("averageValue")
        ? pair(measured, target, "averageValue") + " (avg)"
        : pair(measured, target, "value");
  }

  private static String pair(Obj measured, Obj target, String field) {
    String now = measured.child("current").text(field);
    return (now.isEmpty() ? UNKNOWN : now) + "/" + target.text(field);
  }
}
