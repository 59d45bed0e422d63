package dev.kapell.cel.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.kapell.cel.value.CelError;
import java.util.ArrayList;
import java.util.List;

/** Regular expressions in the syntax of RE2: their time grows with the text, not beyond. */
final class Regexes {
  private Regexes() {}

  static List<Function> all() {
    return List.of(
        Function.of(
            "find",
            "string.(string) -> string",
            a -> {
              Matcher matcher = pattern((String) a[1]).matcher((String) a[0]);
              return matcher.find() ? matcher.group() : "";
            }),
        Function.of("findAll", "string.(string) -> list(string)", a -> findAll(a, Long.MAX_VALUE)),
        Function.of(
            "findAll",
            "string.(string, int) -> list(string)",
            a -> findAll(a, (Long) a[2] < 0 ? Long.MAX_VALUE : (Long) a[2])));
  }

  /** Those that the type checker knows already. */
  static List<Function> standard() {
    return List.of(
        Function.of(
            "matches",
            "string.(string) -> bool",
            a -> pattern((String) a[1]).matcher((String) a[0]).find()));
  }

  private static List<String> findAll(Object[] a, long limit) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern((String) a[1]).matcher((String) a[0]);
    while (found.size() < limit && matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private static Pattern pattern(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new CelError(
          "error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`");
    }
  }
}
