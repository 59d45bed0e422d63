package dev.kapell.apiserver.fields;

/**
 * The part of an object that a path writes: {@code status} for the subresource, everything else for
 * the object itself. Fields outside are nobody's through that path.
 *
 * @param fields the roots of the part, or of what is not part of it
 * @param inside whether {@code fields} are the part
 */
public record Part(FieldSet fields, boolean inside) {
  /** The whole object. */
  public static final Part WHOLE = new Part(new FieldSet(), false);

  /** Everything but the fields at these dotted paths. */
  public static Part without(String... paths) {
    return new Part(set(paths), false);
  }

  /** Only the fields at these dotted paths. */
  public static Part only(String... paths) {
    return new Part(set(paths), true);
  }

  private static FieldSet set(String... paths) {
    FieldSet set = new FieldSet();
    for (String path : paths) {
      set.add(java.util.Arrays.stream(path.split("\\.", -1)).map(Step::field).toList());
    }
    return set;
  }

  FieldSet of(FieldSet set) {
    return inside ? set.inside(fields) : set.outside(fields);
  }
}
