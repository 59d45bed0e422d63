package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong with one object, in the order found. Belongs to one request. */
public final class Errors {
  static final String PERCENT =
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or"
          + " '93%', regex used for validation is '[0-9]+%')";
  private static final long MAX_PORT = 65_535;

  private final List<FieldError> list = new ArrayList<>();

  /** Everything found. */
  public List<FieldError> list() {
    return List.copyOf(list);
  }

  /** Nothing was found. */
  public boolean isEmpty() {
    return list.isEmpty();
  }

  /** Adds one; the same thing is said once. */
  public void add(FieldError error) {
    if (!list.contains(error)) {
      list.add(error);
    }
  }

  /** {@code field} has to have a value that is not empty. */
  public boolean require(Obj object, String field) {
    boolean there =
        switch (object.get(field)) {
          case null -> false;
          case String text -> !text.isEmpty();
          case List<?> items -> !items.isEmpty();
          default -> true;
        };
    if (!there) {
      add(FieldError.required(object.at(field), ""));
    }
    return there;
  }

  /** {@code field}, when there, is one of {@code allowed}. */
  public void oneOf(Obj object, String field, List<String> allowed) {
    if (object.has(field) && !allowed.contains(object.text(field))) {
      add(FieldError.notSupported(object.at(field), object.get(field), allowed));
    }
  }

  /** {@code field} is there and one of {@code allowed}. */
  public void requireOneOf(Obj object, String field, List<String> allowed) {
    if (require(object, field)) {
      oneOf(object, field, allowed);
    }
  }

  /** {@code field}, when there, looks like {@code format}. */
  public void format(Obj object, String field, Format format) {
    if (object.has(field)) {
      format(object.at(field), object.text(field), format);
    }
  }

  /** {@code value} looks like {@code format}. */
  public void format(String path, String value, Format format) {
    format.problems(value).forEach(problem -> add(FieldError.invalid(path, value, problem)));
  }

  /** {@code field}, when there, is 0 or more. */
  public void notNegative(Obj object, String field) {
    if (object.number(field, 0) < 0) {
      add(
          FieldError.invalid(
              object.at(field), object.get(field), "must be greater than or equal to 0"));
    }
  }

  /** {@code field}, when there, is 1 or more. */
  public void positive(Obj object, String field) {
    if (object.number(field, 1) < 1) {
      add(FieldError.invalid(object.at(field), object.get(field), "must be greater than 0"));
    }
  }

  /** {@code field}, when there, is a port number. */
  public void port(Obj object, String field) {
    long port = object.number(field, 1);
    if (port < 1 || port > MAX_PORT) {
      add(
          FieldError.invalid(
              object.at(field), object.get(field), "must be between 1 and 65535, inclusive"));
    }
  }

  /** {@code field}, when there, is a port number or the name of a port. */
  public void portOrName(Obj object, String field) {
    if (object.get(field) instanceof String name) {
      format(object.at(field), name, Format.PORT_NAME);
    } else {
      port(object, field);
    }
  }

  /** Of the items of {@code list}, no two have the same {@code field}. */
  public void unique(Obj object, String list, String field) {
    Set<String> seen = new HashSet<>();
    for (Obj item : object.items(list)) {
      String value = item.text(field);
      if (!value.isEmpty() && !seen.add(value)) {
        add(FieldError.duplicate(item.at(field), value));
      }
    }
  }

  /** {@code field} is as it was. */
  public void immutable(Obj object, Obj old, String field) {
    if (!Trees.same(object.get(field), old.get(field))) {
      add(FieldError.invalid(object.at(field), object.get(field), "field is immutable"));
    }
  }

  /** Labels, or another map of names to label values. */
  public void labels(Obj object, String field) {
    for (Map.Entry<String, String> label : object.strings(field).entrySet()) {
      format(object.at(field), label.getKey(), Format.QUALIFIED_NAME);
      format(object.at(field), label.getValue(), Format.LABEL_VALUE);
    }
  }

  /** A number of things, or a percentage of them. */
  public void countOrPercent(Obj object, String field) {
    Object value = object.get(field);
    if (value instanceof String text && !text.matches("[0-9]+%")) {
      add(FieldError.invalid(object.at(field), text, PERCENT));
    } else {
      notNegative(object, field);
    }
  }

  /** {@code field} may not be there, because of {@code why}. */
  public void forbid(Obj object, String field, String why) {
    if (object.has(field)) {
      add(FieldError.forbidden(object.at(field), why));
    }
  }

  /** {@link FieldError#invalid}. */
  public void invalid(String path, @Nullable Object value, String why) {
    add(FieldError.invalid(path, value, why));
  }
}
