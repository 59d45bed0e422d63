package dev.kapell.apiserver.table;

import dev.kapell.apiserver.tree.Obj;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One column of a kind's table.
 *
 * @param name the heading
 * @param type {@code string}, {@code integer} or {@code boolean}
 * @param format for instance {@code name}; often empty
 * @param priority 0 is always shown, more only with {@code -o wide}
 * @param description for {@code kubectl explain}'s readers
 * @param cell what stands in it
 */
record Column(
    String name, String type, String format, int priority, String description, Cell cell) {
  /** Reads a cell. */
  @FunctionalInterface
  interface Cell {
    /** Text, a number or a truth value; null: nothing. */
    @Nullable Object of(Obj object, Instant now);
  }

  static Column text(String name, Cell cell) {
    return new Column(name, "string", "", 0, name + " of the object.", cell);
  }

  static Column number(String name, Cell cell) {
    return new Column(name, "integer", "", 0, name + " of the object.", cell);
  }

  static Column flag(String name, Cell cell) {
    return new Column(name, "boolean", "", 0, name + " of the object.", cell);
  }

  static Column wide(String name, Cell cell) {
    return new Column(name, "string", "", 1, name + " of the object.", cell);
  }

  /** The object's name, which every table starts with. */
  static Column objectName() {
    return new Column(
        "Name",
        "string",
        "name",
        0,
        "Name must be unique within a namespace.",
        (object, _) -> object.child("metadata").text("name"));
  }

  /** The time since the object was created. */
  static Column age() {
    return text(
        "Age", (object, now) -> Age.since(object.child("metadata").text("creationTimestamp"), now));
  }
}
