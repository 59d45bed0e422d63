package dev.kapell.apiserver.registry;

import dev.kapell.api.DecodeException;
import dev.kapell.api.selector.FieldQuery;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Entry;
import java.util.Map;
import java.util.Set;

/**
 * What a list or a watch lets through. Decodes an object only when a selector asks for more than
 * its name.
 */
final class Selection {
  private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");
  private static final Set<String> FALSE_WHEN_ABSENT =
      Set.of("spec.unschedulable", "spec.hostNetwork");

  private final LabelQuery labels;
  private final FieldQuery fields;
  private final boolean namesOnly;
  private final boolean namespaced;

  private Selection(LabelQuery labels, FieldQuery fields, boolean namespaced) {
    this.labels = labels;
    this.fields = fields;
    this.namespaced = namespaced;
    this.namesOnly =
        labels.isEmpty() && fields.terms().stream().allMatch(term -> ALWAYS.contains(term.field()));
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
    if (isEverything()) {
      return true;
    }
    if (namesOnly) {
      return fields.matches(field -> fromPath(entry.key().path(), field));
    }
    Obj object = Obj.root(Wire.parse(entry.value()));
    Map<String, String> labelsOf = object.child("metadata").strings("labels");
    return labels.matches(labelsOf)
        && (fields.isEmpty() || fields.matches(field -> fieldOf(object, field)));
  }

  private String fromPath(String path, String field) {
    int slash = namespaced ? path.indexOf('/') : -1;
    if (field.equals("metadata.name")) {
      return path.substring(slash + 1);
    }
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String fieldOf(Obj object, String field) {
    if (field.equals("source")) {
      // An event's source is a component; newer events only have a reporting one.
      String component = object.child("source").text("component");
      return component.isEmpty() ? object.text("reportingComponent") : component;
    }
    if (field.equals("reportingController")) {
      return object.text("reportingComponent");
    }
    String[] steps = field.split("\\.", -1);
    Obj at = object;
    for (int i = 0; i < steps.length - 1; i++) {
      at = at.child(steps[i]);
    }
    Object value = at.get(steps[steps.length - 1]);
    if (value == null) {
      return FALSE_WHEN_ABSENT.contains(field) ? "false" : "";
    }
    return String.valueOf(value);
  }
}
