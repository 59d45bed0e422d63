package dev.kapell.sim.story;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A history as a person reads it: when, who, what, and which fields changed to what. */
public final class Story {
  private static final int LONGEST = 60;
  private static final int MOST_FIELDS = 6;

  private Story() {}

  /** The last {@code most} lines, heartbeats left out. */
  public static List<String> of(History history, int most) {
    List<String> lines = new ArrayList<>();
    for (Object line : history.lines()) {
      switch (line) {
        case History.Remark(Duration at, String text) -> lines.add(time(at) + " ---- " + text);
        case Moment moment when !isHeartbeat(moment) -> lines.add(of(moment));
        default -> {
          // a heartbeat
        }
      }
    }
    return lines.subList(Math.max(0, lines.size() - most), lines.size());
  }

  /** One change in one line. */
  public static String of(Moment moment) {
    String verb =
        switch (moment.kind()) {
          case CREATED -> "creates";
          case UPDATED -> "writes";
          case DELETED -> "removes";
        };
    return time(moment.at())
        + " r"
        + moment.revision()
        + " "
        + moment.who()
        + " "
        + verb
        + " "
        + moment.type().kind()
        + " "
        + moment.key()
        + changes(moment);
  }

  /** A lease or a node that says no more than that it is there. */
  public static boolean isHeartbeat(Moment moment) {
    return moment.type().kind().equals("Lease")
        || (moment.type().kind().equals("Node") && moment.isBy(Writer.NODES));
  }

  private static String time(Duration at) {
    return String.format("%d:%02d.%03d", at.toMinutes(), at.toSecondsPart(), at.toMillisPart());
  }

  private static String changes(Moment moment) {
    if (moment.before() == null || moment.after() == null) {
      return "";
    }
    Map<String, String> before = flat(moment.type(), moment.before());
    Map<String, String> after = flat(moment.type(), moment.after());
    TreeSet<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<String> told = new ArrayList<>();
    for (String path : paths) {
      if (!Objects.equals(before.get(path), after.get(path))) {
        told.add(path + " " + before.getOrDefault(path, "-") + "→" + after.getOrDefault(path, "-"));
      }
    }
    int more = told.size() - MOST_FIELDS;
    return ": "
        + String.join(", ", told.subList(0, Math.min(told.size(), MOST_FIELDS)))
        + (more > 0 ? " and " + more + " more" : "");
  }

  @SuppressWarnings("unchecked") // an object's type has its codec
  private static Map<String, String> flat(ResourceType<?> type, ApiObject object) {
    Map<String, String> fields = new LinkedHashMap<>();
    Object tree = JsonCodec.toTree((Codec<ApiObject>) type.codec(), object);
    flatten("", tree, fields);
    fields.keySet().removeIf(Story::isNoise);
    return fields;
  }

  private static boolean isNoise(String path) {
    return path.startsWith("metadata.managedFields")
        || path.equals("metadata.resourceVersion")
        || path.endsWith("observedGeneration")
        || path.endsWith("lastTransitionTime");
  }

  private static void flatten(String path, @Nullable Object tree, Map<String, String> into) {
    switch (tree) {
      case null -> into.put(path, "null");
      case Map<?, ?> map ->
          map.forEach(
              (name, value) ->
                  flatten(path.isEmpty() ? "" + name : path + "." + name, value, into));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          flatten(path + "[" + i + "]", list.get(i), into);
        }
      }
      default -> {
        String text = String.valueOf(tree);
        into.put(path, text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
      }
    }
  }
}
