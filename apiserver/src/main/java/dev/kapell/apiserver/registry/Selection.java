package dev.kapell.apiserver.registry;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.selector.FieldQuery;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.store.Entry;
import java.util.Map;
import java.util.Set;

/**
 * What a list or a watch lets through. Of an object it reads only what a selector asks for, and
 * nothing for its name.
 */
final class Selection {
  private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");
  private static final Set<String> FALSE_WHEN_ABSENT =
      Set.of("spec.unschedulable", "spec.hostNetwork");

  private final LabelQuery labels;
  private final FieldQuery fields;
  private final boolean namespaced;

  private Selection(LabelQuery labels, FieldQuery fields, boolean namespaced) {
    this.labels = labels;
    this.fields = fields;
    this.namespaced = namespaced;
  }

  static Selection of(Row row, String name, RequestOptions options) {
    try {
      LabelQuery labels = LabelQuery.parse(options.labelSelector());
      labels
          .complaint()
          .ifPresent(
              complaint -> {
                throw Failures.badRequest("unable to parse labelSelector: " + complaint);
              });
      String text = options.fieldSelector();
      if (!name.isEmpty()) {
        text = "metadata.name=" + name + (text.isEmpty() ? "" : "," + text);
      }
      FieldQuery fields = FieldQuery.parse(text);
      for (FieldQuery.Term term : fields.terms()) {
        if (!ALWAYS.contains(term.field()) && !row.strategy().selectable().contains(term.field())) {
          throw Failures.badRequest("field label not supported: " + term.field());
        }
      }
      return new Selection(labels, fields, row.resource().namespaced());
    } catch (DecodeException e) {
      throw Failures.badRequest("unable to parse selector: " + e.getMessage());
    }
  }

  boolean isEverything() {
    return labels.isEmpty() && fields.isEmpty();
  }

  /** Whether {@code entry}, in its stored version, is let through. */
  boolean matches(Entry entry) {
    return (labels.isEmpty() || labels.matches(labelsOf(entry.value())))
        && (fields.isEmpty() || fields.matches(field -> valueOf(entry, field)));
  }

  @SuppressWarnings("unchecked") // validated when it was written: texts under texts
  private static Map<String, String> labelsOf(byte[] json) {
    return JsonCodec.readAt(json, "metadata", "labels") instanceof Map<?, ?> labels
        ? (Map<String, String>) labels
        : Map.of();
  }

  private String valueOf(Entry entry, String field) {
    return ALWAYS.contains(field)
        ? fromPath(entry.key().path(), field)
        : fieldOf(entry.value(), field);
  }

  private String fromPath(String path, String field) {
    int slash = namespaced ? path.indexOf('/') : -1;
    if (field.equals("metadata.name")) {
      return path.substring(slash + 1);
    }
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String fieldOf(byte[] json, String field) {
    return switch (field) {
      case "source" -> {
        // An event's source is a component; newer events only have a reporting one.
        String component = text(json, "source", "component");
        yield component.isEmpty() ? text(json, "reportingComponent") : component;
      }
      case "reportingController" -> text(json, "reportingComponent");
      default -> {
        String value = text(json, field.split("\\.", -1));
        yield value.isEmpty() && FALSE_WHEN_ABSENT.contains(field) ? "false" : value;
      }
    };
  }

  private static String text(byte[] json, String... path) {
    Object value = JsonCodec.readAt(json, path);
    return value == null ? "" : String.valueOf(value);
  }
}
