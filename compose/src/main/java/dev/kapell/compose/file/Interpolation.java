package dev.kapell.compose.file;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Compose specification's interpolation.
 *
 * <pre>
 * $V ${V}      the value, or empty with a warning     $$         one dollar
 * ${V:-x}      x when V is unset or empty             ${V-x}     x when V is unset
 * ${V:?e}      fails with e when unset or empty       ${V?e}     fails with e when unset
 * ${V:+x}      x when V is set and not empty          ${V+x}     x when V is set
 * </pre>
 *
 * In place of {@code x} and {@code e} may stand further expressions. Not thread-safe: it collects
 * what it found missing.
 */
final class Interpolation {
  private static final Pattern NAME = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
  private static final int MAX_DEPTH = 32;

  private final Map<String, String> variables;
  private final Set<String> unset = new LinkedHashSet<>();

  Interpolation(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** One warning for each variable that was not set and had no default. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    unset.forEach(name -> warnings.add("the variable " + name + " is not set; using nothing"));
    return warnings;
  }

  /** All of them. */
  Map<String, String> variables() {
    return variables;
  }

  /** The value of a variable, or null. */
  @Nullable String value(String name) {
    return variables.get(name);
  }

  /** {@code text} with every expression replaced. */
  String apply(Place place, String text) {
    return text.indexOf('$') < 0 ? text : new Scan(place, text, 0).whole();
  }

  /** One text from left to right. */
  private final class Scan {
    private final Place place;
    private final String text;
    private final int depth;
    private int at;

    Scan(Place place, String text, int depth) {
      this.place = place;
      this.text = text;
      this.depth = depth;
      if (depth > MAX_DEPTH) {
        throw new ComposeFailure(place, "expressions are nested too deeply");
      }
    }

    String whole() {
      StringBuilder out = new StringBuilder();
      while (at < text.length()) {
        char next = text.charAt(at);
        if (next == '$') {
          out.append(expression());
        } else {
          out.append(next);
          at++;
        }
      }
      return out.toString();
    }

    private String expression() {
      at++;
      if (text.startsWith("$", at)) {
        at++;
        return "$";
      }
      if (text.startsWith("{", at)) {
        return braced();
      }
      return plain(name());
    }

    private String name() {
      Matcher matcher = NAME.matcher(text).region(at, text.length());
      if (!matcher.lookingAt()) {
        throw invalid();
      }
      at = matcher.end();
      return matcher.group();
    }

    private String plain(String name) {
      String value = variables.get(name);
      if (value == null) {
        unset.add(name);
        return "";
      }
      return value;
    }

    private String braced() {
      int end = closing(at);
      at++;
      String name = name();
      String rest = text.substring(at, end);
      at = end + 1;
      if (rest.isEmpty()) {
        return plain(name);
      }
      boolean emptyCounts = rest.startsWith(":");
      String operation = emptyCounts ? rest.substring(1) : rest;
      if (operation.isEmpty()) {
        throw invalid();
      }
      String value = variables.get(name);
      boolean present = value != null && !(emptyCounts && value.isEmpty());
      String word = operation.substring(1);
      return switch (operation.charAt(0)) {
        case '-' -> present && value != null ? value : nested(word);
        case '+' -> present ? nested(word) : "";
        case '?' -> {
          if (!present || value == null) {
            throw new ComposeFailure(place, required(name, nested(word)));
          }
          yield value;
        }
        default -> throw invalid();
      };
    }

    private String required(String name, String message) {
      String base = "the variable " + name + " has to be set";
      return message.isEmpty() ? base + " (in the environment or in .env)" : base + ": " + message;
    }

    private String nested(String word) {
      return new Scan(place, word, depth + 1).whole();
    }

    /** The brace that closes the one at {@code open}. */
    private int closing(int open) {
      int level = 0;
      for (int i = open; i < text.length(); i++) {
        if (text.startsWith("${", i)) {
          level++;
          i++;
        } else if (i == open) {
          level++;
        } else if (text.charAt(i) == '}' && --level == 0) {
          return i;
        }
      }
      throw invalid();
    }

    private ComposeFailure invalid() {
      return new ComposeFailure(
          place,
          "\""
              + text
              + "\" is not a valid expression: write ${NAME}, or $$ where a dollar is meant");
    }
  }
}
