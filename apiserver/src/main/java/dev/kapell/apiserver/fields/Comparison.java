package dev.kapell.apiserver.fields;

import java.util.List;
import java.util.Map;

/**
 * In which fields two objects of one shape differ. Immutable, and shared by writes that change the
 * same fields.
 */
final class Comparison {
  /** Fields that say which object it is, or that the server keeps: nobody owns them. */
  static final FieldSet NOBODYS = nobodys();

  private final FieldSet removed;
  private final FieldSet modified;
  private final FieldSet added;
  private final FieldSet changed;
  private final FieldSet owned;

  Comparison(FieldSet removed, FieldSet modified, FieldSet added) {
    this.removed = removed;
    this.modified = modified;
    this.added = added;
    this.changed = modified.union(added);
    this.owned = changed.without(NOBODYS);
  }

  private static FieldSet nobodys() {
    FieldSet set = new FieldSet();
    for (String field : List.of("apiVersion", "kind", "metadata")) {
      set.add(List.of(Step.field(field)));
    }
    for (String field :
        List.of(
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion")) {
      set.add(List.of(Step.field("metadata"), Step.field(field)));
    }
    return set;
  }

  /** Compares; {@code before} may be empty for an object that is new. */
  static Comparison of(Map<String, Object> before, Map<String, Object> after, Shape shape) {
    return Trace.of(before, after, shape, Part.WHOLE).comparison();
  }

  boolean isSame() {
    return removed.isEmpty() && changed.isEmpty();
  }

  /** Only the first has them. */
  FieldSet removed() {
    return removed;
  }

  /** Both have them, with other values. */
  FieldSet modified() {
    return modified;
  }

  /** Only the second has them. */
  FieldSet added() {
    return added;
  }

  /** What the second has and the first has not, or has otherwise. */
  FieldSet changed() {
    return changed;
  }

  /** What of the changed fields can be owned. */
  FieldSet owned() {
    return owned;
  }

  /** Only the fields that {@code part} covers. */
  Comparison within(Part part) {
    return new Comparison(part.of(removed), part.of(modified), part.of(added));
  }
}
