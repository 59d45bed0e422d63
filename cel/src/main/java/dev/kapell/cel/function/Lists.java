package dev.kapell.cel.function;

import com.google.common.primitives.UnsignedLong;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Values;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What can be asked of lists. */
final class Lists {
  private static final List<String> COMPARABLE =
      List.of("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes");
  private static final Map<String, Object> ZEROS =
      Map.of("int", 0L, "uint", UnsignedLong.ZERO, "double", 0.0, "duration", Duration.ZERO);
  private static final long MAX_RANGE = 1_000_000;

  private Lists() {}

  static List<Function> all() {
    List<Function> rows = new ArrayList<>();
    for (String type : COMPARABLE) {
      String list = "list(" + type + ").() -> ";
      rows.add(Function.of("isSorted", list + "bool", a -> isSorted((List<?>) a[0])));
      rows.add(Function.of("min", list + type, a -> extreme((List<?>) a[0], "min", -1)));
      rows.add(Function.of("max", list + type, a -> extreme((List<?>) a[0], "max", 1)));
    }
    for (String type : List.of("int", "uint", "double", "duration")) {
      Object zero = ZEROS.getOrDefault(type, 0L);
      rows.add(
          Function.of("sum", "list(" + type + ").() -> " + type, a -> sum((List<?>) a[0], zero)));
    }
    rows.add(
        Function.of("indexOf", "list(A).(A) -> int", a -> indexOf((List<?>) a[0], a[1], false)));
    rows.add(
        Function.of("lastIndexOf", "list(A).(A) -> int", a -> indexOf((List<?>) a[0], a[1], true)));
    rows.add(
        Function.of("sort", "list(T).() -> list(T)", a -> sort((List<?>) a[0], (List<?>) a[0])));
    rows.add(
        Function.of(
            "lists.@sortByAssociatedKeys",
            "list(T).(list(A)) -> list(T)",
            a -> sort((List<?>) a[0], (List<?>) a[1])));
    shapes(rows);
    return rows;
  }

  private static void shapes(List<Function> rows) {
    rows.add(
        Function.of(
            "slice", "list(T).(int, int) -> list(T)", a -> slice((List<?>) a[0], a[1], a[2])));
    rows.add(
        Function.of("flatten", "list(list(T)).() -> list(T)", a -> flatten((List<?>) a[0], 1)));
    rows.add(
        Function.of(
            "flatten",
            "list(dyn).(int) -> list(dyn)",
            a -> {
              if ((Long) a[1] < 0) {
                throw new CelError("level must be non-negative");
              }
              return flatten((List<?>) a[0], (Long) a[1]);
            }));
    rows.add(
        Function.of(
            "lists.range",
            "(int) -> list(int)",
            a -> {
              List<Object> range = new ArrayList<>();
              for (long i = 0; i < Math.min((Long) a[0], MAX_RANGE); i++) {
                range.add(i);
              }
              return range;
            }));
    rows.add(Function.of("distinct", "list(T).() -> list(T)", a -> distinct((List<?>) a[0])));
    rows.add(Function.of("reverse", "list(T).() -> list(T)", a -> ((List<?>) a[0]).reversed()));
  }

  private static boolean isSorted(List<?> list) {
    for (int i = 1; i < list.size(); i++) {
      if (Values.compare(Values.of(list.get(i - 1)), Values.of(list.get(i))) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Object extreme(List<?> list, String name, int sign) {
    if (list.isEmpty()) {
      throw new CelError(name + " called on empty list");
    }
    Object best = Values.of(list.getFirst());
    for (Object item : list) {
      Object value = Values.of(item);
      if (Values.compare(value, best) * sign > 0) {
        best = value;
      }
    }
    return best;
  }

  private static Object sum(List<?> list, Object zero) {
    Object sum = zero;
    for (Object item : list) {
      sum =
          switch (item) {
            case Double number -> (Double) sum + number;
            case UnsignedLong number ->
                Operators.uint(new BigInteger(sum.toString()).add(number.bigIntegerValue()));
            case Duration span -> ((Duration) sum).plus(span);
            case Long number -> plus((Long) sum, number);
            default -> throw CelError.noSuchOverload();
          };
    }
    return sum;
  }

  private static Long plus(long one, long other) {
    try {
      return Math.addExact(one, other);
    } catch (ArithmeticException e) {
      throw new CelError("integer overflow");
    }
  }

  private static long indexOf(List<?> list, Object wanted, boolean last) {
    for (int i = 0; i < list.size(); i++) {
      int at = last ? list.size() - 1 - i : i;
      if (Values.equal(Values.of(list.get(at)), wanted)) {
        return at;
      }
    }
    return -1;
  }

  private static Object slice(List<?> list, Object from, Object to) {
    long start = (Long) from;
    long end = (Long) to;
    if (start < 0 || end < 0) {
      throw new CelError(
          "cannot slice(" + start + ", " + end + "), negative indexes not supported");
    }
    if (start > end) {
      throw new CelError(
          "cannot slice("
              + start
              + ", "
              + end
              + "), start index must be less than or equal to end index");
    }
    if (end > list.size()) {
      throw new CelError("cannot slice(" + start + ", " + end + "), list is length " + list.size());
    }
    return list.subList((int) start, (int) end);
  }

  private static List<Object> flatten(List<?> list, long depth) {
    List<Object> flat = new ArrayList<>();
    for (Object item : list) {
      if (item instanceof List<?> inner && depth > 0) {
        flat.addAll(flatten(inner, depth - 1));
      } else {
        flat.add(Values.of(item));
      }
    }
    return flat;
  }

  private static List<Object> distinct(List<?> list) {
    List<Object> distinct = new ArrayList<>();
    for (Object item : list) {
      Object value = Values.of(item);
      if (distinct.stream().noneMatch(each -> Values.equal(each, value))) {
        distinct.add(value);
      }
    }
    return distinct;
  }

  private static List<Object> sort(List<?> list, List<?> keys) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      order.add(i);
    }
    Collections.sort(
        order,
        (one, other) -> Values.compare(Values.of(keys.get(one)), Values.of(keys.get(other))));
    List<Object> sorted = new ArrayList<>();
    order.forEach(at -> sorted.add(Values.of(list.get(at))));
    return sorted;
  }
}
