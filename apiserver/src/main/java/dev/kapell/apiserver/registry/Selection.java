package dev.kapell.apiserver.registry;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.selector.FieldQuery;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.store.Entry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a list or a watch lets through. Of an object it reads only what a selector asks for, and
 * nothing for its name.
 */
final class Selection {
  private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");
  private static final Set<String> FALSE_WHEN_ABSENT =
      Set.of("spec.unschedulable", "spec.hostNetwork");

  /** Names that selectors know and objects do not. */
  private static final Map<String, String> ALIASES =
      Map.of("reportingController", "reportingComponent", "status.successful", "status.succeeded");

  /** Kinds of the core that say so in words of their own. */
  private static final Set<String> ONLY_NAMES =
      Set.of(
          "configmaps", "endpoints", "persistentvolumeclaims", "resourcequotas", "serviceaccounts");

  /** What an event of the newer group calls its object, and what it is stored as. */
  private static final String REGARDING = "regarding.";

  private static final String INVOLVED = "involvedObject.";

  /** What an absent number is compared as. */
  private static final Set<String> ZERO_WHEN_ABSENT = Set.of("status.replicas", "status.succeeded");

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
          throw Failures.badRequest(unknown(row, term.field()));
        }
      }
      return new Selection(labels, fields, row.resource().namespaced());
    } catch (DecodeException e) {
      throw Failures.badRequest("unable to parse selector: " + e.getMessage());
    }
  }

  /** Kubernetes has a sentence for kinds with fields of their own, and two for the others. */
  private static String unknown(Row row, String field) {
    if (row.resource().type().isEmpty() || !row.strategy().selectable().isEmpty()) {
      return "field label not supported: " + field;
    }
    return ONLY_NAMES.contains(row.resource().qualifiedName())
        ? "field label \"%s\" not supported for \"%s\"".formatted(field, row.resource().kind())
        : "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
            .formatted(field);
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
    if (field.equals("source")) {
      // An event's source is a component; newer events only have a reporting one.
      String component = text(json, "source", "component");
      return component.isEmpty() ? text(json, "reportingComponent") : component;
    }
    String real =
        field.startsWith(REGARDING)
            ? INVOLVED + field.substring(REGARDING.length())
            : ALIASES.getOrDefault(field, field);
    String value = text(json, real.split("\\.", -1));
    if (!value.isEmpty()) {
      return value;
    }
    if (FALSE_WHEN_ABSENT.contains(real)) {
      return "false";
    }
    return ZERO_WHEN_ABSENT.contains(real) ? "0" : "";
  }

  private static String text(byte[] json, String... path) {
    return switch (JsonCodec.readAt(json, path)) {
      case null -> "";
      case List<?> addresses ->
          addresses.stream()
              .map(item -> item instanceof Map<?, ?> map ? String.valueOf(map.get("ip")) : "")
              .collect(Collectors.joining(","));
      case Object value -> String.valueOf(value);
    };
  }
}
