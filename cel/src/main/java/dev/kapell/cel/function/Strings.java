package dev.kapell.cel.function;

import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What can be done with texts. Positions count code points. */
final class Strings {
  private Strings() {}

  static List<Function> all() {
    List<Function> rows = new ArrayList<>();
    cuts(rows);
    changes(rows);
    lists(rows);
    return rows;
  }

  /** Those that the type checker knows already. */
  static List<Function> standard() {
    return List.of(
        Function.of(
            "startsWith",
            "string.(string) -> bool",
            a -> ((String) a[0]).startsWith((String) a[1])),
        Function.of(
            "endsWith", "string.(string) -> bool", a -> ((String) a[0]).endsWith((String) a[1])),
        Function.of(
            "contains", "string.(string) -> bool", a -> ((String) a[0]).contains((String) a[1])));
  }

  private static void cuts(List<Function> rows) {
    rows.add(
        Function.of(
            "charAt",
            "string.(int) -> string",
            a -> {
              int[] points = points(a[0]);
              long at = (Long) a[1];
              check(at, points.length);
              return at == points.length ? "" : Character.toString(points[(int) at]);
            }));
    rows.add(
        Function.of("substring", "string.(int) -> string", a -> substring(a, points(a[0]).length)));
    rows.add(
        Function.of("substring", "string.(int, int) -> string", a -> substring(a, (Long) a[2])));
    rows.add(Function.of("indexOf", "string.(string) -> int", a -> indexOf(a, 0)));
    rows.add(Function.of("indexOf", "string.(string, int) -> int", a -> indexOf(a, (Long) a[2])));
    rows.add(
        Function.of(
            "lastIndexOf", "string.(string) -> int", a -> lastIndexOf(a, points(a[0]).length)));
    rows.add(
        Function.of(
            "lastIndexOf", "string.(string, int) -> int", a -> lastIndexOf(a, (Long) a[2])));
  }

  private static void changes(List<Function> rows) {
    rows.add(
        Function.of("lowerAscii", "string.() -> string", a -> ascii((String) a[0], 'A', 'Z', 32)));
    rows.add(
        Function.of("upperAscii", "string.() -> string", a -> ascii((String) a[0], 'a', 'z', -32)));
    rows.add(Function.of("trim", "string.() -> string", a -> trim((String) a[0])));
    rows.add(
        Function.of(
            "replace",
            "string.(string, string) -> string",
            a -> ((String) a[0]).replace((String) a[1], (String) a[2])));
    rows.add(
        Function.of(
            "replace",
            "string.(string, string, int) -> string",
            a -> replace((String) a[0], (String) a[1], (String) a[2], (Long) a[3])));
    rows.add(
        Function.of("strings.quote", "(string) -> string", a -> StringFormat.quote((String) a[0])));
    rows.add(
        Function.of(
            "format",
            "string.(list(dyn)) -> string",
            a -> StringFormat.format((String) a[0], (List<?>) a[1])));
    rows.add(
        Function.of(
            "jsonpatch.escapeKey",
            "(string) -> string",
            a -> ((String) a[0]).replace("~", "~0").replace("/", "~1")));
  }

  private static void lists(List<Function> rows) {
    rows.add(Function.of("join", "list(string).() -> string", a -> join((List<?>) a[0], "")));
    rows.add(
        Function.of(
            "join", "list(string).(string) -> string", a -> join((List<?>) a[0], (String) a[1])));
    rows.add(
        Function.of(
            "split",
            "string.(string) -> list(string)",
            a -> split((String) a[0], (String) a[1], -1)));
    rows.add(
        Function.of(
            "split",
            "string.(string, int) -> list(string)",
            a -> split((String) a[0], (String) a[1], (Long) a[2])));
  }

  private static int[] points(Object text) {
    return ((String) text).codePoints().toArray();
  }

  private static void check(long at, int length) {
    if (at < 0 || at > length) {
      throw new CelError("index out of range: " + at);
    }
  }

  private static String substring(Object[] a, long end) {
    int[] points = points(a[0]);
    long start = (Long) a[1];
    check(start, points.length);
    check(end, points.length);
    if (start > end) {
      throw new CelError("invalid substring range. start: " + start + ", end: " + end);
    }
    return new String(points, (int) start, (int) (end - start));
  }

  private static long indexOf(Object[] a, long from) {
    int[] points = points(a[0]);
    int[] wanted = points(a[1]);
    if (wanted.length == 0) {
      return from;
    }
    check(from, points.length);
    for (int i = (int) from; i + wanted.length <= points.length; i++) {
      if (stands(points, wanted, i)) {
        return i;
      }
    }
    return -1;
  }

  private static long lastIndexOf(Object[] a, long from) {
    int[] points = points(a[0]);
    int[] wanted = points(a[1]);
    if (wanted.length == 0) {
      return from;
    }
    check(from, points.length);
    for (int i = (int) Math.min(from, points.length - wanted.length); i >= 0; i--) {
      if (stands(points, wanted, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean stands(int[] text, int[] wanted, int at) {
    for (int i = 0; i < wanted.length; i++) {
      if (text[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static String ascii(String text, char first, char last, int shift) {
    StringBuilder changed = new StringBuilder(text);
    for (int i = 0; i < changed.length(); i++) {
      char c = changed.charAt(i);
      if (c >= first && c <= last) {
        changed.setCharAt(i, (char) (c + shift));
      }
    }
    return changed.toString();
  }

  private static String trim(String text) {
    int[] points = text.codePoints().toArray();
    int start = 0;
    int end = points.length;
    while (start < end && isSpace(points[start])) {
      start++;
    }
    while (end > start && isSpace(points[end - 1])) {
      end--;
    }
    return new String(points, start, end - start);
  }

  private static boolean isSpace(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85;
  }

  private static String replace(String text, String from, String to, long limit) {
    if (limit < 0) {
      return text.replace(from, to);
    }
    StringBuilder changed = new StringBuilder();
    int at = 0;
    for (long i = 0; i < limit; i++) {
      int found = text.indexOf(from, at);
      if (found < 0 || (from.isEmpty() && at >= text.length())) {
        break;
      }
      changed.append(text, at, found).append(to);
      at = found + from.length();
      if (from.isEmpty()) {
        changed.appendCodePoint(text.codePointAt(at));
        at += Character.charCount(text.codePointAt(at));
      }
    }
    return changed.append(text.substring(at)).toString();
  }

  private static String join(List<?> list, String separator) {
    return list.stream()
        .map(
            item -> {
              if (item instanceof String text) {
                return text;
              }
              throw new CelError("join: invalid input: " + Values.typeName(Values.of(item)));
            })
        .collect(Collectors.joining(separator));
  }

  private static List<String> split(String text, String separator, long limit) {
    List<String> parts = new ArrayList<>();
    if (limit == 0) {
      return parts;
    }
    if (separator.isEmpty()) {
      int at = 0;
      while (at < text.length() && (limit < 0 || parts.size() < limit - 1)) {
        int next = text.offsetByCodePoints(at, 1);
        parts.add(text.substring(at, next));
        at = next;
      }
      if (at < text.length()) {
        parts.add(text.substring(at));
      }
      return parts;
    }
    int at = 0;
    while (limit < 0 || parts.size() < limit - 1) {
      int found = text.indexOf(separator, at);
      if (found < 0) {
        break;
      }
      parts.add(text.substring(at, found));
      at = found + separator.length();
    }
    parts.add(text.substring(at));
    return parts;
  }
}
