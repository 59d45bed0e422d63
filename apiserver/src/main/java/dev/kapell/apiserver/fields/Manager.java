package dev.kapell.apiserver.fields;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who owns fields: a name, doing one kind of thing through one path. Versions tell updaters apart;
 * an applier is the same in all of them.
 *
 * @param name what the client calls itself
 * @param applies whether by server-side apply
 * @param apiVersion of an updater; empty for an applier
 * @param subresource the path that was written; empty for the object itself
 */
public record Manager(String name, boolean applies, String apiVersion, String subresource) {
  private static final String UNKNOWN = "unknown";

  /** One that applies. */
  public static Manager applier(String name, String subresource) {
    return new Manager(name, true, "", subresource);
  }

  /** One that creates, updates or patches. */
  public static Manager updater(String name, String apiVersion, String subresource) {
    return new Manager(name.isEmpty() ? UNKNOWN : name, false, apiVersion, subresource);
  }

  static Manager of(Map<?, ?> entry) {
    boolean applies = "Apply".equals(entry.get("operation"));
    return new Manager(
        text(entry.get("manager")),
        applies,
        applies ? "" : text(entry.get("apiVersion")),
        text(entry.get("subresource")));
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }

  String operation() {
    return applies ? "Apply" : "Update";
  }

  /** As a conflict names it. */
  String describe() {
    String through = subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"";
    return "\"" + name + "\"" + through + (applies ? "" : " using " + apiVersion);
  }
}
