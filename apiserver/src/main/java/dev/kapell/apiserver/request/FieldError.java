package dev.kapell.apiserver.request;

import dev.kapell.api.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with an object, in Kubernetes' words.
 *
 * @param reason the cause's reason, for instance {@code FieldValueRequired}
 * @param field the path, for instance {@code spec.containers[0].name}
 * @param message without the path, for instance {@code Required value}
 */
public record FieldError(String reason, String field, String message) {

  /** A field that has to be there is not. */
  public static FieldError required(String field, String detail) {
    return new FieldError("FieldValueRequired", field, "Required value" + suffix(detail));
  }

  /** A value that cannot be. */
  public static FieldError invalid(String field, @Nullable Object value, String detail) {
    return new FieldError(
        "FieldValueInvalid", field, "Invalid value: " + show(value) + suffix(detail));
  }

  /** A value of the wrong type. */
  public static FieldError typeInvalid(String field, @Nullable Object value, String detail) {
    return new FieldError(
        "FieldValueTypeInvalid", field, "Invalid value: " + show(value) + suffix(detail));
  }

  /** A value outside an enumeration, whose values are shown in their order. */
  public static FieldError notSupported(
      String field, @Nullable Object value, List<String> supported) {
    String known = supported.stream().map(FieldError::show).collect(Collectors.joining(", "));
    return new FieldError(
        "FieldValueNotSupported",
        field,
        "Unsupported value: "
            + show(value)
            + (known.isEmpty() ? "" : ": supported values: " + known));
  }

  /** A value that comes twice, with what has to differ. */
  public static FieldError duplicate(String field, @Nullable Object value, String detail) {
    return new FieldError(
        "FieldValueDuplicate", field, "Duplicate value: " + show(value) + suffix(detail));
  }

  /** A value that comes twice. */
  public static FieldError duplicate(String field, @Nullable Object value) {
    return new FieldError("FieldValueDuplicate", field, "Duplicate value: " + show(value));
  }

  /** A value that may not be given here. */
  public static FieldError forbidden(String field, String detail) {
    return new FieldError("FieldValueForbidden", field, "Forbidden" + suffix(detail));
  }

  /** A reference that leads nowhere. */
  public static FieldError notFound(String field, @Nullable Object value) {
    return new FieldError("FieldValueNotFound", field, "Not found: " + show(value));
  }

  /** A text that is too long. */
  public static FieldError tooLong(String field, int limitBytes) {
    return new FieldError(
        "FieldValueTooLong",
        field,
        "Too long: may not be more than " + limitBytes + (limitBytes == 1 ? " byte" : " bytes"));
  }

  /** A list or map with too many entries. */
  public static FieldError tooMany(String field, int given, int most) {
    return new FieldError(
        "FieldValueTooMany",
        field,
        "Too many: " + given + ": must have at most " + most + (most == 1 ? " item" : " items"));
  }

  /** {@code field: message}. */
  @Override
  public String toString() {
    return field + ": " + message;
  }

  private static String suffix(String detail) {
    return detail.isEmpty() ? "" : ": " + detail;
  }

  private static String json(Object tree) {
    return new String(JsonCodec.writeTree(tree), StandardCharsets.UTF_8);
  }

  private static String show(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text ->
          "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
      case Map<?, ?> tree -> json(tree);
      case List<?> tree -> json(tree);
      default -> String.valueOf(value);
    };
  }
}
