package dev.kapell.apiserver.custom;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.apiserver.validation.Rules;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A schema as rules: types, bounds, patterns, enumerations, their combinations, and expressions.
 *
 * <p>Of an update, what did not change is not checked again (ratcheting): a schema may become
 * stricter without locking old objects. Expressions are compiled for the first object. Thread-safe.
 */
public final class SchemaRules implements Rules {
  private static final String STATUS = "status";
  private static final String NO_PATH = "<nil>";

  /** After one of these, expressions cannot rely on the types. */
  private static final Set<String> BLOCKING =
      Set.of(
          "FieldValueNotSupported",
          "FieldValueRequired",
          "FieldValueTooLong",
          "FieldValueTooMany",
          "FieldValueTypeInvalid");

  private static final FieldError UNCHECKED =
      FieldError.invalid(
          NO_PATH,
          null,
          "some validation rules were not checked because the object was invalid; correct the"
              + " existing errors to complete validation");

  private final StructuralSchema schema;
  private final Supplier<Optional<RuleTree>> expressions;

  SchemaRules(StructuralSchema schema) {
    this.schema = schema;
    this.expressions = new OnFirstUse<>(() -> RuleTree.of(schema.tree()));
  }

  @Override
  public void check(Obj object, Errors errors) {
    check(object, null, errors);
  }

  @Override
  public void checkUpdate(Obj object, Obj old, Errors errors) {
    check(object, old, errors);
  }

  /** Of the types only those of the status count: the rest is not the writer's. */
  @Override
  public void checkStatus(Obj object, Obj old, Errors errors) {
    Errors found = new Errors();
    if (object.map().containsKey(STATUS)) {
      StructuralSchema.child(schema.tree(), "properties")
          .flatMap(properties -> StructuralSchema.child(properties, STATUS))
          .ifPresent(
              status ->
                  value(object.map().get(STATUS), old.map().get(STATUS), status, STATUS, found));
    }
    finish(object, old, found, errors);
  }

  private void check(Obj object, @Nullable Obj old, Errors errors) {
    Errors found = new Errors();
    value(body(object), old == null ? null : body(old), schema.tree(), "", found);
    finish(object, old, found, errors);
  }

  /** Lists and expressions; these only where {@code found} leaves them the types they rely on. */
  private void finish(Obj object, @Nullable Obj old, Errors found, Errors errors) {
    ListTypes.check(object.map(), old == null ? null : old.map(), schema.tree(), found);
    boolean blocked = found.list().stream().anyMatch(error -> BLOCKING.contains(error.reason()));
    expressions
        .get()
        .ifPresent(
            tree -> {
              if (blocked) {
                found.add(UNCHECKED);
              } else {
                @Nullable Map<String, Object> before = old == null ? null : old.map();
                new RuleCheck(found).check(tree, object.map(), before, "");
              }
            });
    found.list().forEach(error -> errors.add(error.field().isEmpty() ? atRoot(error) : error));
  }

  /** Kubernetes' word for no path. */
  private static FieldError atRoot(FieldError error) {
    return new FieldError(error.reason(), NO_PATH, error.message());
  }

  /** Reports what is wrong with a single value, such as a default. */
  public static void checkValue(
      Object value, Map<String, Object> schema, String path, Errors errors) {
    Errors found = new Errors();
    value(value, null, schema, path, found);
    ListTypes.check(value, schema, path, found);
    found.list().forEach(errors::add);
    if (found.isEmpty() && StructuralSchema.hasExpressions(schema)) {
      new RuleCheck(errors).check(RuleTree.of(schema, false), value, null, path);
    }
  }

  /** What every object has is checked elsewhere. */
  private static Map<String, Object> body(Obj object) {
    Map<String, Object> body = new LinkedHashMap<>(object.map());
    body.remove("metadata");
    return body;
  }

  private static void value(
      @Nullable Object value,
      @Nullable Object old,
      Map<String, Object> schema,
      String path,
      Errors errors) {
    if (old != null && old.equals(value)) {
      return;
    }
    if (value == null) {
      if (!Boolean.TRUE.equals(schema.get("nullable")) && schema.containsKey("type")) {
        errors.add(
            FieldError.typeInvalid(
                path, "null", said(path, "must be of type " + schema.get("type") + ": \"null\"")));
      }
      return;
    }
    if (!type(value, schema, path, errors)) {
      return;
    }
    enumeration(value, schema, path, errors);
    switch (value) {
      case String text -> text(text, schema, path, errors);
      case Number number -> number(number, schema, path, errors);
      case List<?> list -> {
        listBounds(list, schema, path, errors);
        list(list, old instanceof List<?> before ? before : List.of(), schema, path, errors);
      }
      case Map<?, ?> map ->
          object(
              StructuralSchema.cast(map),
              old instanceof Map<?, ?> before ? before : Map.of(),
              schema,
              path,
              errors);
      default -> {}
    }
    combinations(value, schema, path, errors);
  }

  private static String said(String path, String what) {
    return (path.isEmpty() ? "" : path + " ") + "in body " + what;
  }

  private static boolean type(
      Object value, Map<String, Object> schema, String path, Errors errors) {
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
      if (value instanceof Long || value instanceof String) {
        return true;
      }
      errors.add(
          FieldError.typeInvalid(
              path,
              typeOf(value),
              said(path, "must be of type integer,string: \"" + typeOf(value) + "\"")));
      return false;
    }
    String wanted = schema.get("type") instanceof String text ? text : "";
    String actual = typeOf(value);
    boolean fits =
        wanted.isEmpty()
            || wanted.equals(actual)
            || (wanted.equals("number") && actual.equals("integer"))
            || (wanted.equals("integer") && value instanceof Double d && d == Math.rint(d));
    if (!fits) {
      errors.add(
          FieldError.typeInvalid(
              path, actual, said(path, "must be of type " + wanted + ": \"" + actual + "\"")));
    }
    return fits;
  }

  private static String typeOf(Object value) {
    return switch (value) {
      case String text -> "string";
      case Long number -> "integer";
      case Number number -> "number";
      case Boolean flag -> "boolean";
      case List<?> list -> "array";
      default -> "object";
    };
  }

  private static void enumeration(
      Object value, Map<String, Object> schema, String path, Errors errors) {
    if (schema.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
      errors.add(
          FieldError.notSupported(path, value, allowed.stream().map(String::valueOf).toList()));
    }
  }

  private static void text(String text, Map<String, Object> schema, String path, Errors errors) {
    int length = text.codePointCount(0, text.length());
    if (schema.get("maxLength") instanceof Long max && length > max) {
      errors.add(FieldError.tooLong(path, max.intValue()));
    }
    if (schema.get("minLength") instanceof Long min && length < min) {
      invalid(errors, path, text, "should be at least " + min + " chars long");
    }
    if (schema.get("pattern") instanceof String pattern && !matches(pattern, text)) {
      invalid(errors, path, text, "should match '" + pattern + "'");
    }
    if (schema.get("format") instanceof String format && !Formats.fits(format, text)) {
      invalid(errors, path, text, "must be of type " + format + ": \"" + text + "\"");
    }
  }

  /** RE2, as the reference: no pattern can make it slow. */
  private static boolean matches(String pattern, String text) {
    try {
      return Pattern.compile(pattern).matcher(text).find();
    } catch (PatternSyntaxException e) {
      return true; // refused where it is defined
    }
  }

  private static void invalid(Errors errors, String path, Object value, String what) {
    errors.add(FieldError.invalid(path, value, said(path, what)));
  }

  private static void number(
      Number number, Map<String, Object> schema, String path, Errors errors) {
    BigDecimal value = decimal(number);
    if (schema.get("maximum") instanceof Number max) {
      boolean open = Boolean.TRUE.equals(schema.get("exclusiveMaximum"));
      int side = value.compareTo(decimal(max));
      if (side > 0 || (open && side == 0)) {
        invalid(errors, path, number, "should be less than " + (open ? "" : "or equal to ") + max);
      }
    }
    if (schema.get("minimum") instanceof Number min) {
      boolean open = Boolean.TRUE.equals(schema.get("exclusiveMinimum"));
      int side = value.compareTo(decimal(min));
      if (side < 0 || (open && side == 0)) {
        invalid(
            errors, path, number, "should be greater than " + (open ? "" : "or equal to ") + min);
      }
    }
    if (schema.get("multipleOf") instanceof Number step
        && decimal(step).signum() != 0
        && value.remainder(decimal(step)).signum() != 0) {
      invalid(errors, path, number, "should be a multiple of " + step);
    }
  }

  private static BigDecimal decimal(Number number) {
    return new BigDecimal(number.toString());
  }

  private static void listBounds(
      List<?> list, Map<String, Object> schema, String path, Errors errors) {
    if (schema.get("maxItems") instanceof Long max && list.size() > max) {
      errors.add(FieldError.tooMany(path, list.size(), max.intValue()));
    }
    if (schema.get("minItems") instanceof Long min && list.size() < min) {
      invalid(errors, path, list.size(), "should have at least " + min + " items");
    }
  }

  private static void list(
      List<?> list, List<?> old, Map<String, Object> schema, String path, Errors errors) {
    Map<String, Object> items = StructuralSchema.child(schema, "items").orElse(Map.of());
    KeyedItems before = KeyedItems.of(ListTypes.keys(schema), old);
    for (int i = 0; i < list.size(); i++) {
      Object item = list.get(i);
      value(item, before.like(item), items, path + "[" + i + "]", errors);
    }
  }

  private static void object(
      Map<String, Object> object,
      Map<?, ?> old,
      Map<String, Object> schema,
      String path,
      Errors errors) {
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-embedded-resource"))) {
      EmbeddedObjects.check(object, path, errors);
    }
    if (schema.get("required") instanceof List<?> required) {
      for (Object field : required) {
        if (!object.containsKey(String.valueOf(field))
            && !(path.isEmpty() && "metadata".equals(field))) {
          errors.add(FieldError.required(at(path, String.valueOf(field)), ""));
        }
      }
    }
    if (schema.get("maxProperties") instanceof Long max && object.size() > max) {
      errors.add(FieldError.tooMany(path, object.size(), max.intValue()));
    }
    if (schema.get("minProperties") instanceof Long min && object.size() < min) {
      invalid(errors, path, object.size(), "should have at least " + min + " properties");
    }
    Map<String, Object> properties = StructuralSchema.child(schema, "properties").orElse(Map.of());
    var additional = StructuralSchema.child(schema, "additionalProperties");
    object.forEach(
        (field, inner) -> {
          StructuralSchema.child(properties, field)
              .or(() -> additional)
              .ifPresent(known -> value(inner, old.get(field), known, at(path, field), errors));
        });
  }

  private static String at(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static void combinations(
      Object value, Map<String, Object> schema, String path, Errors errors) {
    for (Map<String, Object> each : StructuralSchema.children(schema, "allOf")) {
      value(value, null, each, path, errors);
    }
    List<Map<String, Object>> any = StructuralSchema.children(schema, "anyOf");
    if (!any.isEmpty() && any.stream().noneMatch(each -> fits(value, each, path))) {
      invalid(errors, path, "", "must validate at least one schema (anyOf)");
    }
    List<Map<String, Object>> one = StructuralSchema.children(schema, "oneOf");
    if (!one.isEmpty() && one.stream().filter(each -> fits(value, each, path)).count() != 1) {
      invalid(errors, path, "", "must validate one and only one schema (oneOf)");
    }
    StructuralSchema.child(schema, "not")
        .filter(not -> fits(value, not, path))
        .ifPresent(not -> invalid(errors, path, "", "must not validate the schema (not)"));
  }

  private static boolean fits(Object value, Map<String, Object> schema, String path) {
    Errors errors = new Errors();
    value(value, null, schema, path, errors);
    return errors.isEmpty();
  }
}
