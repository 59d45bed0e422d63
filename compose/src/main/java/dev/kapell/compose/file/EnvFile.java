package dev.kapell.compose.file;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of {@code NAME=value} lines: {@code .env} and {@code env_file}. Comments with {@code #};
 * values in single quotes are literal, in double quotes they know {@code \n} and the like, and both
 * may run over several lines; outside single quotes expressions are replaced.
 */
final class EnvFile {
  private static final Pattern ENTRY =
      Pattern.compile("\\s*(?:export\\s+)?([_a-zA-Z][_a-zA-Z0-9.-]*)\\s*([=:])?[ \\t]*(.*)");
  private static final Pattern COMMENT = Pattern.compile("\\s+#.*$");

  private final String file;
  private final String[] lines;
  private final Map<String, String> outer;
  private final Map<String, String> found = new LinkedHashMap<>();
  private int line;

  private EnvFile(String file, String text, Map<String, String> outer) {
    this.file = file;
    this.lines = text.split("\\R", -1);
    this.outer = outer;
  }

  /**
   * The entries in order. A name without {@code =} takes its value from {@code outer}, and is left
   * out when it has none there.
   */
  static Map<String, String> parse(String file, String text, Map<String, String> outer) {
    return new EnvFile(file, text, outer).parse();
  }

  private Map<String, String> parse() {
    while (line < lines.length) {
      String current = lines[line++];
      if (!current.isBlank() && !current.stripLeading().startsWith("#")) {
        entry(current);
      }
    }
    return found;
  }

  private void entry(String current) {
    Place place = new Place(file, line);
    Matcher matcher = ENTRY.matcher(current);
    if (!matcher.matches() || (matcher.group(2) == null && !matcher.group(3).isEmpty())) {
      throw new ComposeFailure(place, "expected NAME=value, found \"" + current.strip() + "\"");
    }
    String name = matcher.group(1);
    if (matcher.group(2) == null) {
      String inherited = outer.get(name);
      if (inherited != null) {
        found.put(name, inherited);
      }
      return;
    }
    found.put(name, value(place, matcher.group(3)));
  }

  private String value(Place place, String raw) {
    if (raw.startsWith("'")) {
      return quoted(place, raw, '\'');
    }
    if (raw.startsWith("\"")) {
      return interpolated(place, unescaped(quoted(place, raw, '"')));
    }
    String plain = raw.startsWith("#") ? "" : COMMENT.matcher(raw).replaceAll("");
    return interpolated(place, plain.strip());
  }

  private String quoted(Place place, String raw, char quote) {
    StringBuilder value = new StringBuilder();
    String current = raw.substring(1);
    while (true) {
      int end = end(current, quote);
      if (end >= 0) {
        return value.append(current, 0, end).toString();
      }
      if (line >= lines.length) {
        throw new ComposeFailure(place, "a quoted value that does not end");
      }
      value.append(current).append('\n');
      current = lines[line++];
    }
  }

  private static int end(String text, char quote) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i;
      }
    }
    return -1;
  }

  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next != '\\' || i + 1 == text.length()) {
        out.append(next);
        continue;
      }
      char escaped = text.charAt(++i);
      switch (escaped) {
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case '"', '\\', '\'' -> out.append(escaped);
        case '$' -> out.append("$$");
        default -> out.append('\\').append(escaped);
      }
    }
    return out.toString();
  }

  private String interpolated(Place place, String text) {
    Map<String, String> visible = new LinkedHashMap<>(found);
    visible.putAll(outer);
    return new Interpolation(visible).apply(place, text);
  }
}
