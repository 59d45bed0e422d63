package dev.kapell.cel.function;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Forthcoming;
import dev.kapell.cel.value.MapList;
import dev.kapell.cel.value.Values;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** What stands between operands, and what asks about size. */
final class Operators {
  private static final BigInteger UINT_MAX =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  private Operators() {}

  static List<Function> all() {
    List<Function> rows = new ArrayList<>();
    integers(rows);
    unsigned(rows);
    doubles(rows);
    times(rows);
    joins(rows);
    relations(rows);
    access(rows);
    return rows;
  }

  private static void integers(List<Function> rows) {
    String both = "(int, int) -> int";
    rows.add(Function.of("_+_", both, a -> exact(() -> Math.addExact(num(a[0]), num(a[1])))));
    rows.add(Function.of("_-_", both, a -> exact(() -> Math.subtractExact(num(a[0]), num(a[1])))));
    rows.add(Function.of("_*_", both, a -> exact(() -> Math.multiplyExact(num(a[0]), num(a[1])))));
    rows.add(
        Function.of(
            "_/_",
            both,
            a -> {
              nonZero(num(a[1]), "division");
              return exact(() -> Math.divideExact(num(a[0]), num(a[1])));
            }));
    rows.add(
        Function.of(
            "_%_",
            both,
            a -> {
              nonZero(num(a[1]), "modulus");
              return num(a[0]) % num(a[1]);
            }));
    rows.add(Function.of("-_", "(int) -> int", a -> exact(() -> Math.negateExact(num(a[0])))));
    rows.add(Function.of("!_", "(bool) -> bool", a -> !(Boolean) a[0]));
  }

  private static void unsigned(List<Function> rows) {
    String both = "(uint, uint) -> uint";
    rows.add(Function.of("_+_", both, a -> uint(big(a[0]).add(big(a[1])))));
    rows.add(Function.of("_-_", both, a -> uint(big(a[0]).subtract(big(a[1])))));
    rows.add(Function.of("_*_", both, a -> uint(big(a[0]).multiply(big(a[1])))));
    rows.add(
        Function.of(
            "_/_",
            both,
            a -> {
              nonZero(big(a[1]).signum(), "division");
              return uint(big(a[0]).divide(big(a[1])));
            }));
    rows.add(
        Function.of(
            "_%_",
            both,
            a -> {
              nonZero(big(a[1]).signum(), "modulus");
              return uint(big(a[0]).mod(big(a[1])));
            }));
  }

  private static void doubles(List<Function> rows) {
    String both = "(double, double) -> double";
    rows.add(Function.of("_+_", both, a -> (Double) a[0] + (Double) a[1]));
    rows.add(Function.of("_-_", both, a -> (Double) a[0] - (Double) a[1]));
    rows.add(Function.of("_*_", both, a -> (Double) a[0] * (Double) a[1]));
    rows.add(Function.of("_/_", both, a -> (Double) a[0] / (Double) a[1]));
    rows.add(Function.of("-_", "(double) -> double", a -> -(Double) a[0]));
  }

  private static void times(List<Function> rows) {
    rows.add(
        Function.of(
            "_+_",
            "(timestamp, duration) -> timestamp",
            a -> Times.checked(() -> ((Instant) a[0]).plus((Duration) a[1]))));
    rows.add(
        Function.of(
            "_+_",
            "(duration, timestamp) -> timestamp",
            a -> Times.checked(() -> ((Instant) a[1]).plus((Duration) a[0]))));
    rows.add(
        Function.of(
            "_+_",
            "(duration, duration) -> duration",
            a -> span(() -> ((Duration) a[0]).plus((Duration) a[1]))));
    rows.add(
        Function.of(
            "_-_",
            "(timestamp, duration) -> timestamp",
            a -> Times.checked(() -> ((Instant) a[0]).minus((Duration) a[1]))));
    rows.add(
        Function.of(
            "_-_",
            "(timestamp, timestamp) -> duration",
            a -> span(() -> Duration.between((Instant) a[1], (Instant) a[0]))));
    rows.add(
        Function.of(
            "_-_",
            "(duration, duration) -> duration",
            a -> span(() -> ((Duration) a[0]).minus((Duration) a[1]))));
  }

  private static void joins(List<Function> rows) {
    rows.add(Function.of("_+_", "(string, string) -> string", a -> (String) a[0] + (String) a[1]));
    rows.add(
        Function.of(
            "_+_",
            "(bytes, bytes) -> bytes",
            a -> ((CelByteString) a[0]).concat((CelByteString) a[1])));
    rows.add(
        Function.of(
            "_+_",
            "(list(A), list(A)) -> list(A)",
            a -> {
              if (a[0] instanceof MapList list) {
                return list.merged((List<?>) a[1]);
              }
              List<Object> joined = new ArrayList<>((List<?>) a[0]);
              joined.addAll((List<?>) a[1]);
              return joined;
            }));
  }

  private static void relations(List<Function> rows) {
    String any = "(A, A) -> bool";
    rows.add(Function.of("_==_", any, a -> Values.equal(a[0], a[1])));
    rows.add(Function.of("_!=_", any, a -> !Values.equal(a[0], a[1])));
    rows.add(Function.of("_<_", any, a -> ordered(a, order -> order < 0)));
    rows.add(Function.of("_<=_", any, a -> ordered(a, order -> order <= 0)));
    rows.add(Function.of("_>_", any, a -> ordered(a, order -> order > 0)));
    rows.add(Function.of("_>=_", any, a -> ordered(a, order -> order >= 0)));
    rows.add(Function.of("@in", "(A, list(A)) -> bool", a -> isIn(a[0], (List<?>) a[1])));
    rows.add(
        Function.of("@in", "(A, map(A, B)) -> bool", a -> Values.hasKey((Map<?, ?>) a[1], a[0])));
  }

  private static void access(List<Function> rows) {
    rows.add(Function.of("_[_]", "(A, B) -> C", a -> index(a[0], a[1])));
    rows.add(Function.of("_[?_]", "(A, B) -> C", a -> optionalIndex(a[0], a[1])));
    for (String type : List.of("string", "bytes", "list(A)", "map(A, B)")) {
      rows.add(Function.of("size", "(" + type + ") -> int", a -> Values.size(a[0])));
    }
    rows.add(Function.of("type", "(A) -> type(A)", a -> Conversions.typeOf(a[0])));
  }

  private static boolean ordered(Object[] a, IntPredicate wanted) {
    int order = Values.compare(a[0], a[1]);
    return order != Integer.MIN_VALUE && wanted.test(order);
  }

  private static boolean isIn(Object value, List<?> list) {
    for (Object item : list) {
      if (Values.equal(value, Values.of(item))) {
        return true;
      }
    }
    return false;
  }

  private static Object index(Object container, Object key) {
    return switch (container) {
      case List<?> list -> {
        long at = position(key);
        if (at < 0 || at >= list.size()) {
          throw new CelError("index out of bounds: " + at);
        }
        yield Values.of(list.get((int) at));
      }
      case Forthcoming map -> map.at(key);
      case Map<?, ?> map -> {
        if (!Values.hasKey(map, key)) {
          throw CelError.noSuchKey(key);
        }
        yield Values.of(Values.valueAt(map, key));
      }
      case Optional<?> optional -> optionalIndex(optional, key);
      default -> throw CelError.noSuchOverload();
    };
  }

  private static Optional<?> optionalIndex(Object container, Object key) {
    return switch (container) {
      case Optional<?> optional ->
          optional.isEmpty() ? optional : optionalIndex(Values.of(optional.get()), key);
      case List<?> list -> {
        long at = position(key);
        yield at < 0 || at >= list.size()
            ? Optional.empty()
            : Optional.of(Values.of(list.get((int) at)));
      }
      case Forthcoming map -> Optional.of(map.at(key));
      case Map<?, ?> map ->
          Values.hasKey(map, key)
              ? Optional.of(Values.of(Values.valueAt(map, key)))
              : Optional.empty();
      default -> throw CelError.noSuchOverload();
    };
  }

  private static long position(Object key) {
    return switch (key) {
      case Long at -> at;
      case UnsignedLong at -> at.longValue();
      case Double at when at == Math.rint(at) -> at.longValue();
      default ->
          throw new CelError("unsupported index type '" + Values.typeName(key) + "' in list");
    };
  }

  private static long num(Object value) {
    return (Long) value;
  }

  private static BigInteger big(Object value) {
    return ((UnsignedLong) value).bigIntegerValue();
  }

  static UnsignedLong uint(BigInteger value) {
    if (value.signum() < 0 || value.compareTo(UINT_MAX) > 0) {
      throw new CelError("unsigned integer overflow");
    }
    return UnsignedLong.valueOf(value);
  }

  private static void nonZero(long divisor, String what) {
    if (divisor == 0) {
      throw new CelError(what + " by zero");
    }
  }

  private static Object exact(Supplier<Long> sum) {
    try {
      return sum.get();
    } catch (ArithmeticException e) {
      throw new CelError("integer overflow");
    }
  }

  private static Object span(Supplier<Duration> sum) {
    try {
      return Duration.ofNanos(sum.get().toNanos()); // as much as CEL can hold
    } catch (ArithmeticException | DateTimeException e) {
      throw new CelError("duration overflow");
    }
  }
}
