package dev.kapell.apiserver.validation;

import dev.kapell.api.DecodeException;
import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words of {@code fields.txt}. Pure. */
final class FieldChecks {
  private static final Pattern PERCENT = Pattern.compile("[0-9]+%");

  private FieldChecks() {}

  /** Reads {@code word arguments "message"}. */
  static FieldCheck parse(String text) {
    int quote = text.indexOf('"');
    String message = quote < 0 ? "" : text.substring(quote + 1, text.lastIndexOf('"'));
    List<String> words = List.of((quote < 0 ? text : text.substring(0, quote)).strip().split(" +"));
    List<String> arguments = words.subList(1, words.size());
    return switch (words.getFirst()) {
      case "required" -> required(message);
      case "every" -> every(parse(text.substring("every ".length())));
      case "even-empty" -> evenEmpty(arguments);
      case "oneof" -> oneOf(arguments);
      case "range" ->
          range(number(arguments, 0), number(arguments, 1), or(message, between(arguments)));
      case "min" -> range(number(arguments, 0), Long.MAX_VALUE, or(message, least(arguments)));
      case "max" ->
          range(
              Long.MIN_VALUE,
              number(arguments, 0),
              or(message, "must be less than or equal to " + arguments.getFirst()));
      case "length" -> length((int) number(arguments, 0));
      case "items" -> items((int) number(arguments, 0));
      case "unique" -> unique(arguments);
      case "forbidden" -> forbidden(message);
      case "portname" -> FieldChecks::portOrName;
      case "count" -> FieldChecks::count;
      case "quantity" -> FieldChecks::quantity;
      case "labels" -> FieldChecks::labels;
      case "ip" -> texts(Addresses::problem);
      case "ipv4" -> texts(Addresses::ipv4Problem);
      case "cidr" -> texts(Addresses::cidrProblem);
      case "matches" -> matches(Pattern.compile(arguments.getFirst()), message);
      case "absolute" ->
          texts(value -> value.startsWith("/") ? "" : or(message, "must be an absolute path"));
      case "driver" -> texts(value -> driverProblem(value));
      default -> texts(format(words.getFirst()));
    };
  }

  private static String or(String message, String fallback) {
    return message.isEmpty() ? fallback : message;
  }

  private static long number(List<String> arguments, int at) {
    return Long.parseLong(arguments.get(at));
  }

  private static String between(List<String> arguments) {
    return "must be between " + arguments.get(0) + " and " + arguments.get(1) + ", inclusive";
  }

  private static String least(List<String> arguments) {
    return arguments.getFirst().equals("1")
        ? "must be greater than 0"
        : "must be greater than or equal to " + arguments.getFirst();
  }

  static boolean isAbsent(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case String text -> text.isEmpty();
      case List<?> list -> list.isEmpty();
      default -> false;
    };
  }

  private static FieldCheck required(String detail) {
    return (value, at, errors) -> {
      if (isAbsent(value)) {
        errors.add(FieldError.required(at.path(), detail));
      }
    };
  }

  /** On each item, reported where the list stands. */
  private static FieldCheck every(FieldCheck check) {
    return (value, at, errors) -> {
      if (value instanceof List<?> list) {
        list.forEach(item -> check.check(item, at, errors));
      }
    };
  }

  /** A list of values or a format, also for what is absent or empty. */
  private static FieldCheck evenEmpty(List<String> words) {
    if (words.getFirst().equals("oneof")) {
      List<String> allowed = words.subList(1, words.size());
      return (value, at, errors) -> {
        String text = value == null ? "" : String.valueOf(value);
        if (!allowed.contains(text)) {
          errors.add(FieldError.notSupported(at.path(), text, allowed));
        }
      };
    }
    Format format = format(words.getFirst());
    return (value, at, errors) ->
        errors.format(at.path(), value == null ? "" : String.valueOf(value), format);
  }

  private static Format format(String word) {
    return Format.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static FieldCheck oneOf(List<String> allowed) {
    return (value, at, errors) -> {
      if (value instanceof String text && !text.isEmpty() && !allowed.contains(text)) {
        errors.add(FieldError.notSupported(at.path(), text, allowed));
      }
    };
  }

  private static FieldCheck range(long least, long most, String message) {
    return (value, at, errors) -> {
      if (value instanceof Number number
          && (number.longValue() < least || number.longValue() > most)) {
        errors.invalid(at.path(), value, message);
      }
    };
  }

  private static FieldCheck length(int most) {
    return (value, at, errors) -> {
      if (value instanceof String text && text.getBytes(StandardCharsets.UTF_8).length > most) {
        errors.add(FieldError.tooLong(at.path(), most));
      }
    };
  }

  private static FieldCheck items(int most) {
    return (value, at, errors) -> {
      int size =
          switch (value) {
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case null, default -> 0;
          };
      if (size > most) {
        errors.add(FieldError.tooMany(at.path(), size, most));
      }
    };
  }

  /** Without keys the items themselves differ, else what they have under the keys. */
  private static FieldCheck unique(List<String> keys) {
    return (value, at, errors) -> {
      if (!(value instanceof List<?> list)) {
        return;
      }
      Set<Object> seen = new HashSet<>();
      for (int i = 0; i < list.size(); i++) {
        Object item = list.get(i);
        Object identity =
            item instanceof Map<?, ?> map && !keys.isEmpty()
                ? Stream.of(keys.toArray()).map(key -> String.valueOf(map.get(key))).toList()
                : item;
        if (!seen.add(identity)) {
          duplicate(item, keys, i, at, errors);
        }
      }
    };
  }

  private static void duplicate(
      @Nullable Object item, List<String> keys, int index, Trail at, Errors errors) {
    at.item(index);
    if (keys.size() == 1 && item instanceof Map<?, ?> map) {
      at.field(keys.getFirst());
      errors.add(FieldError.duplicate(at.path(), map.get(keys.getFirst())));
      at.back();
    } else {
      errors.add(FieldError.duplicate(at.path(), item));
    }
    at.back();
  }

  private static FieldCheck forbidden(String detail) {
    return (value, at, errors) -> {
      if (value != null) {
        errors.add(FieldError.forbidden(at.path(), detail));
      }
    };
  }

  private static FieldCheck matches(Pattern pattern, String message) {
    return texts(value -> pattern.matcher(value).matches() ? "" : message);
  }

  private static FieldCheck texts(Format format) {
    return texts(value -> format.problem(value).orElse(""));
  }

  /** What is wrong with a text; empty when nothing is. */
  private interface TextCheck {
    String problem(String value);
  }

  private static FieldCheck texts(TextCheck check) {
    return (value, at, errors) -> {
      if (value instanceof String text && !text.isEmpty()) {
        String problem = check.problem(text);
        if (!problem.isEmpty()) {
          errors.invalid(at.path(), text, problem);
        }
      }
    };
  }

  private static void portOrName(@Nullable Object value, Trail at, Errors errors) {
    if (value instanceof String name) {
      errors.format(at.path(), name, Format.PORT_NAME);
    } else if (value instanceof Number number
        && (number.longValue() < 1 || number.longValue() > 65_535)) {
      errors.invalid(at.path(), value, "must be between 1 and 65535, inclusive");
    }
  }

  private static void count(@Nullable Object value, Trail at, Errors errors) {
    if (value instanceof String text && !PERCENT.matcher(text).matches()) {
      errors.invalid(at.path(), text, Errors.PERCENT);
    } else if (value instanceof Number number && number.longValue() < 0) {
      errors.invalid(at.path(), value, "must be greater than or equal to 0");
    }
  }

  /** Zero or more. */
  private static void quantity(@Nullable Object value, Trail at, Errors errors) {
    if (value instanceof String text) {
      try {
        if (Quantity.parse(text).signum() < 0) {
          errors.invalid(at.path(), text, "must be greater than or equal to 0");
        }
      } catch (DecodeException e) {
        errors.invalid(at.path(), text, String.valueOf(e.getMessage()));
      }
    }
  }

  private static void labels(@Nullable Object value, Trail at, Errors errors) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, text) -> {
            errors.format(at.path(), String.valueOf(key), Format.QUALIFIED_NAME);
            errors.format(at.path(), String.valueOf(text), Format.LABEL_VALUE);
          });
    }
  }

  /** The name of a CSI driver. */
  private static String driverProblem(String name) {
    if (name.length() > 63) {
      return "must be no more than 63 characters";
    }
    return Format.SUBDOMAIN.problem(name.toLowerCase(Locale.ROOT)).orElse("");
  }
}
