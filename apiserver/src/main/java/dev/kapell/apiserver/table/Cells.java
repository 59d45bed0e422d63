package dev.kapell.apiserver.table;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Ways to write a cell that several tables share. */
final class Cells {
  static final String NONE = "<none>";
  static final String UNSET = "<unset>";

  /** How many items of a list stand in a cell. */
  private static final int SHOWN = 3;

  private Cells() {}

  static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }

  static Column.Cell text(String... path) {
    return (object, _) -> at(object, path).text(path[path.length - 1]);
  }

  static Column.Cell number(String... path) {
    return (object, _) -> at(object, path).number(path[path.length - 1], 0);
  }

  static Column.Cell time(String... path) {
    return (object, now) -> {
      String stamp = at(object, path).text(path[path.length - 1]);
      return stamp.isEmpty() ? NONE : Age.since(stamp, now);
    };
  }

  static Column.Cell count(String field) {
    return (object, _) -> (long) object.values(field).size();
  }

  private static Obj at(Obj object, String... path) {
    Obj place = object;
    for (int i = 0; i < path.length - 1; i++) {
      place = place.child(path[i]);
    }
    return place;
  }

  static String labels(Map<String, String> labels) {
    return labels.isEmpty()
        ? NONE
        : labels.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(","));
  }

  /** A label selector in its text form. */
  static String selector(Obj selector) {
    List<String> parts = new java.util.ArrayList<>();
    selector.strings("matchLabels").forEach((key, value) -> parts.add(key + "=" + value));
    for (Obj each : selector.items("matchExpressions")) {
      String values = "(" + String.join(",", each.texts("values")) + ")";
      parts.add(
          switch (each.text("operator")) {
            case "In" -> each.text("key") + " in " + values;
            case "NotIn" -> each.text("key") + " notin " + values;
            case "Exists" -> each.text("key");
            default -> "!" + each.text("key");
          });
    }
    return parts.isEmpty() ? NONE : String.join(",", parts);
  }

  static String join(List<Obj> items, String field) {
    return orNone(items.stream().map(item -> item.text(field)).collect(Collectors.joining(",")));
  }

  static List<Column> containers() {
    return List.of(
        Column.wide(
            "Containers", (object, _) -> join(template(object).items("containers"), "name")),
        Column.wide("Images", (object, _) -> join(template(object).items("containers"), "image")));
  }

  private static Obj template(Obj object) {
    return job(object).child("template").child("spec");
  }

  /** What has a template and a selector: a CronJob's is that of its Jobs. */
  private static Obj job(Obj object) {
    Obj spec = object.child("spec");
    return spec.has("jobTemplate") ? spec.child("jobTemplate").child("spec") : spec;
  }

  static Column selector() {
    return Column.wide(
        "Selector",
        (object, _) -> {
          Obj selector = job(object).child("selector");
          boolean labelSelector = selector.has("matchLabels") || selector.has("matchExpressions");
          return labelSelector ? selector(selector) : labels(job(object).strings("selector"));
        });
  }

  /** The first three of {@code all}, and how many more there are; {@code none} when it is empty. */
  static String some(List<String> all, String none) {
    if (all.isEmpty()) {
      return none;
    }
    String shown = String.join(",", all.subList(0, Math.min(SHOWN, all.size())));
    return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
  }

  /** The addresses or names that a load balancer gave, each once, in order. */
  static String balancers(Obj object) {
    return object.child("status").child("loadBalancer").items("ingress").stream()
        .map(each -> each.text("ip").isEmpty() ? each.text("hostname") : each.text("ip"))
        .distinct()
        .sorted()
        .collect(Collectors.joining(","));
  }

  static String accessModes(List<String> modes) {
    return modes.stream()
        .map(
            mode ->
                switch (mode) {
                  case "ReadWriteOnce" -> "RWO";
                  case "ReadOnlyMany" -> "ROX";
                  case "ReadWriteMany" -> "RWX";
                  case "ReadWriteOncePod" -> "RWOP";
                  default -> mode;
                })
        .collect(Collectors.joining(","));
  }
}
