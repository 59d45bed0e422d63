package dev.kapell.cel.value;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.kapell.api.resource.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What holds for all values: equality, order, size, type. */
public final class Values {
  private Values() {}

  /** A value from a JSON tree or another source, as the language sees it. */
  public static Object of(@Nullable Object json) {
    return switch (json) {
      case null -> Null.VALUE;
      case Integer number -> number.longValue();
      case BigInteger number -> number.doubleValue();
      case BigDecimal number -> number.doubleValue();
      default -> json;
    };
  }

  /** Whether two values are equal; numbers of different types are when they are the same number. */
  public static boolean equal(Object one, Object other) {
    return switch (one) {
      case String text -> text.equals(other);
      case Number number when other instanceof Number right -> compareNumbers(number, right) == 0;
      case MapList list -> other instanceof List<?> right && list.holdsSame(right);
      case List<?> list ->
          other instanceof MapList right
              ? right.holdsSame(list)
              : other instanceof List<?> plain && equalLists(list, plain);
      case Map<?, ?> map -> other instanceof Map<?, ?> right && equalMaps(map, right);
      case Optional<?> optional ->
          other instanceof Optional<?> right
              && optional.isPresent() == right.isPresent()
              && (optional.isEmpty() || equal(of(optional.get()), of(right.orElseThrow())));
      case ObjectValue object ->
          other instanceof ObjectValue right
              && object.typeName().equals(right.typeName())
              && equalMaps(object.fields(), right.fields());
      case Quantity quantity -> other instanceof Quantity right && quantity.compareTo(right) == 0;
      default -> Objects.equals(one, other);
    };
  }

  private static boolean equalLists(List<?> one, List<?> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!equal(of(one.get(i)), of(other.get(i)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalMaps(Map<?, ?> one, Map<?, ?> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : one.entrySet()) {
      Object key = entry.getKey();
      if (!hasKey(other, key) || !equal(of(entry.getValue()), of(valueAt(other, key)))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a map has a key; {@code 1}, {@code 1u} and {@code 1.0} are one key. */
  public static boolean hasKey(Map<?, ?> map, Object key) {
    return map.containsKey(key) || (key instanceof Number n && sameKey(map, n) != null);
  }

  /** The value at a key that is there. */
  public static @Nullable Object valueAt(Map<?, ?> map, Object key) {
    if (key instanceof Number number && !map.containsKey(key)) {
      Object same = sameKey(map, number);
      return same == null ? null : map.get(same);
    }
    return map.get(key);
  }

  private static @Nullable Object sameKey(Map<?, ?> map, Number number) {
    for (Object key : map.keySet()) {
      if (key instanceof Number each && compareNumbers(each, number) == 0) {
        return key;
      }
    }
    return null;
  }

  /**
   * Less than, equal or greater than zero; {@link Integer#MIN_VALUE} when one of two doubles is no
   * number.
   *
   * @throws CelError when the values have no order
   */
  public static int compare(Object one, Object other) {
    if (one instanceof Number left && other instanceof Number right) {
      return compareNumbers(left, right);
    }
    return switch (one) {
      case String text when other instanceof String right -> compareTexts(text, right);
      case Boolean flag when other instanceof Boolean right -> flag.compareTo(right);
      case Instant time when other instanceof Instant right -> time.compareTo(right);
      case Duration time when other instanceof Duration right -> time.compareTo(right);
      case CelByteString bytes when other instanceof CelByteString right ->
          java.util.Arrays.compareUnsigned(bytes.toByteArray(), right.toByteArray());
      default -> throw CelError.noSuchOverload();
    };
  }

  /** By code points, which is the order of the bytes in UTF-8. */
  private static int compareTexts(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
        return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  /** {@link Integer#MIN_VALUE} when one is no number. */
  private static int compareNumbers(Number one, Number other) {
    if (one instanceof Long a && other instanceof Long b) {
      return Long.compare(a, b);
    }
    if ((one instanceof Double a && !Double.isFinite(a))
        || (other instanceof Double b && !Double.isFinite(b))
        || (one instanceof Double && other instanceof Double)) {
      double a = one.doubleValue();
      double b = other.doubleValue();
      if (Double.isNaN(a) || Double.isNaN(b)) {
        return Integer.MIN_VALUE;
      }
      return a < b ? -1 : a > b ? 1 : 0;
    }
    return exact(one).compareTo(exact(other));
  }

  private static BigDecimal exact(Number number) {
    return switch (number) {
      case UnsignedLong unsigned -> new BigDecimal(unsigned.bigIntegerValue());
      case Double real -> new BigDecimal(real);
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  /** Characters, bytes, items or entries; 1 for what has no size. */
  public static long size(Object value) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case CelByteString bytes -> bytes.size();
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case ObjectValue object -> object.fields().size();
      case Cidr cidr -> cidr.ip().bytes().length;
      case Ip ip -> ip.bytes().length;
      case Optional<?> optional when optional.isPresent() -> size(of(optional.get()));
      default -> 1;
    };
  }

  /** The type of a value, as {@code type(x)} says it. */
  public static String typeName(Object value) {
    return switch (value) {
      case Null n -> "null_type";
      case Boolean b -> "bool";
      case Long n -> "int";
      case UnsignedLong n -> "uint";
      case Double n -> "double";
      case String s -> "string";
      case CelByteString b -> "bytes";
      case List<?> l -> "list";
      case Map<?, ?> m -> "map";
      case Instant t -> "google.protobuf.Timestamp";
      case Duration d -> "google.protobuf.Duration";
      case Optional<?> o -> "optional_type";
      case TypeName t -> "type";
      case Quantity q -> "kubernetes.Quantity";
      case Url u -> "kubernetes.URL";
      case Ip i -> "net.IP";
      case Cidr c -> "net.CIDR";
      case Semver s -> "kubernetes.Semver";
      case NamedFormat f -> "kubernetes.NamedFormat";
      case ObjectValue o -> o.typeName();
      default -> "dyn";
    };
  }

  private static final Pattern TRAILING_ZEROS = Pattern.compile("\\.0$");

  /** A number as text, as {@code string(x)} says it. */
  public static String text(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    double size = Math.abs(number);
    if (size != 0 && (size < 1e-4 || size >= 1e21)) {
      String text = TRAILING_ZEROS.matcher(Double.toString(number)).replaceFirst("");
      int at = text.indexOf('E');
      if (at < 0) {
        return text;
      }
      String digits = TRAILING_ZEROS.matcher(text.substring(0, at)).replaceFirst("");
      String exponent = text.substring(at + 1);
      boolean negative = exponent.startsWith("-");
      String power = negative ? exponent.substring(1) : exponent;
      return digits + "e" + (negative ? "-" : "+") + (power.length() < 2 ? "0" + power : power);
    }
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }
}
