package dev.kapell.cel.function;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Null;
import dev.kapell.cel.value.TypeName;
import dev.kapell.cel.value.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code "%s has %d".format([name, count])}. */
final class StringFormat {
  private static final Pattern CLAUSE =
      Pattern.compile("%(%|(?:\\.(\\d{1,3}))?(.))", Pattern.DOTALL);
  private static final int DEFAULT_PRECISION = 6;

  private StringFormat() {}

  static String format(String pattern, List<?> args) {
    Matcher matcher = CLAUSE.matcher(pattern);
    StringBuilder text = new StringBuilder();
    int at = 0;
    int next = 0;
    while (matcher.find()) {
      text.append(pattern, at, matcher.start());
      at = matcher.end();
      if (matcher.group(1).equals("%")) {
        text.append('%');
        continue;
      }
      if (next >= args.size()) {
        throw new CelError("index " + next + " out of range");
      }
      int precision =
          matcher.group(2) == null ? DEFAULT_PRECISION : Integer.parseInt(matcher.group(2));
      text.append(clause(matcher.group(3), Values.of(args.get(next++)), precision));
    }
    String rest = pattern.substring(at);
    if (rest.contains("%")) {
      throw new CelError("unexpected end of string");
    }
    return text.append(rest).toString();
  }

  private static String clause(String verb, Object value, int precision) {
    return switch (verb) {
      case "s" -> text(value);
      case "d" -> decimal(value);
      case "f" -> fixed(value, precision);
      case "e" -> scientific(value, precision);
      case "b" ->
          value instanceof Boolean flag ? (flag ? "1" : "0") : integer(value, "binary").toString(2);
      case "o" -> integer(value, "octal").toString(8);
      case "x" -> hex(value);
      case "X" -> hex(value).toUpperCase(Locale.ROOT);
      default ->
          throw new CelError(
              "could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
    };
  }

  private static String decimal(Object value) {
    return value instanceof Double number && !Double.isFinite(number)
        ? Values.text(number)
        : integer(value, "decimal").toString();
  }

  private static BigInteger integer(Object value, String clause) {
    return switch (value) {
      case Long number -> BigInteger.valueOf(number);
      case UnsignedLong number -> number.bigIntegerValue();
      default ->
          throw new CelError(
              "error during formatting: "
                  + clause
                  + " clause can only be used on integers, was given "
                  + Values.typeName(value));
    };
  }

  private static double number(Object value, String clause) {
    return switch (value) {
      case Number number -> number.doubleValue();
      default ->
          throw new CelError(
              "error during formatting: "
                  + clause
                  + " clause can only be used on doubles, was given "
                  + Values.typeName(value));
    };
  }

  private static String fixed(Object value, int precision) {
    double number = number(value, "fixed-point");
    return Double.isFinite(number)
        ? new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).toPlainString()
        : Values.text(number);
  }

  private static String scientific(Object value, int precision) {
    double number = number(value, "scientific");
    return Double.isFinite(number)
        ? String.format(Locale.ROOT, "%." + precision + "e", number)
        : Values.text(number);
  }

  private static String hex(Object value) {
    return switch (value) {
      case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
      case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
      default -> integer(value, "hexadecimal").toString(16);
    };
  }

  /** Any value for a person. */
  private static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Double number -> Values.text(number);
      case Null n -> "null";
      case Duration span -> Times.text(span);
      case TypeName type -> type.name();
      case CelByteString bytes -> new String(bytes.toByteArray(), StandardCharsets.UTF_8);
      case List<?> list ->
          list.stream()
              .map(item -> text(Values.of(item)))
              .collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map -> {
        Map<String, String> sorted = new TreeMap<>();
        map.forEach((key, item) -> sorted.put(text(Values.of(key)), text(Values.of(item))));
        yield sorted.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", ", "{", "}"));
      }
      default -> value.toString();
    };
  }

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 11 -> quoted.append("\\v");
                case '\\' -> quoted.append("\\\\");
                case '"' -> quoted.append("\\\"");
                default -> quoted.appendCodePoint(point);
              }
            });
    return quoted.append('"').toString();
  }
}
