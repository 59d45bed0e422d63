package dev.kapell.apiserver.fields;

import dev.kapell.apiserver.tree.Trees;
import java.util.Map;
import java.util.Optional;

/**
 * Sets of fields that were worked out before: managers write the same fields again and again, and
 * what is known of the last time is the same to the byte. Bounded, thread-safe; shared by all
 * writes of a server.
 */
public final class KnownFields {
  /** So much of a trace or a tree is worth keeping: its steps, marks and braces. */
  private static final int MOST_PARTS = 1_000;

  /** Fields as a manager's entry has them, and the shape of the version that it names. */
  private record Entry(Optional<Shape> shape, Map<?, ?> fields) {}

  private final Recurring<Trace, Comparison> differences = new Recurring<>();
  private final Recurring<Entry, FieldSet> entries = new Recurring<>();

  /** In which fields of {@code part} two objects differ. */
  Comparison compare(
      Map<String, Object> before, Map<String, Object> after, Shape shape, Part part) {
    Trace trace = Trace.of(before, after, shape, part);
    Optional<Comparison> known = differences.find(trace);
    Comparison difference = known.orElseGet(trace::comparison);
    if (known.isEmpty() && trace.length() <= MOST_PARTS && differences.isAgain(trace)) {
      differences.keep(trace, difference);
    }
    return part.inside() ? difference.within(part) : difference;
  }

  /** The set in the form of {@code FieldsV1}, fitted to {@code shape} where that is known. */
  FieldSet read(Map<?, ?> fields, Optional<Shape> shape) {
    Entry entry = new Entry(shape, fields);
    Optional<FieldSet> known = entries.find(entry);
    if (known.isPresent()) {
      return known.get();
    }
    FieldSet parsed = FieldSet.parse(fields);
    FieldSet set = shape.map(parsed::fittedTo).orElse(parsed);
    if (set.size() <= MOST_PARTS && entries.isAgain(entry)) {
      entries.keep(new Entry(shape, Values.map(Trees.copyOf(fields))), set);
    }
    return set;
  }
}
