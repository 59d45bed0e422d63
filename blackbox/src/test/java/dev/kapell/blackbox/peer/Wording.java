package dev.kapell.blackbox.peer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages of refusals, in one form for both versions.
 *
 * <p>Since 1.33 a value in a message is shown as JSON, before as Go writes it: {@code
 * map[string]string{"a":"b"}} was {@code {"a":"b"}}. Where the peer writes Go, the value is taken
 * out of both messages; the field, the reason and what is wrong are left to compare.
 */
final class Wording {
  private static final Pattern VALUE =
      Pattern.compile("(Invalid|Unsupported|Duplicate) value: (.*)", Pattern.DOTALL);

  /** A type, a nil of one, a number of a type without a printer, a pointer; a list within %v. */
  private static final Pattern GO =
      Pattern.compile(
          "((\\[\\]|map\\[string\\]|\\*|\\()*[a-zA-Z0-9]*\\.?[A-Za-z]+[{(].*|0x[0-9a-f]+(:.*|$)|\"\\[.*)",
          Pattern.DOTALL);

  private Wording() {}

  /** The peer's and Kapell's message, comparable. */
  static String[] of(String peer, String ours) {
    Matcher value = VALUE.matcher(peer);
    if (value.matches() && value.group(2).startsWith("\"null\"")) {
      return new String[] {peer.replaceFirst("value: \"null\"", "value: null"), ours};
    }
    if (value.matches() && GO.matcher(value.group(2)).matches()) {
      return new String[] {withoutValue(peer), withoutValue(ours)};
    }
    return new String[] {peer, ours};
  }

  private static String withoutValue(String message) {
    Matcher value = VALUE.matcher(message);
    if (!value.matches()) {
      return message;
    }
    String rest = value.group(2);
    return value.group(1) + " value" + rest.substring(end(rest));
  }

  /** Where a value ends: at the first colon and space that is in no bracket and no text. */
  private static int end(String text) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if ("{[(".indexOf(c) >= 0) {
        depth++;
      } else if ("}])".indexOf(c) >= 0) {
        depth--;
      } else if (depth == 0 && text.startsWith(": ", i)) {
        return i;
      }
    }
    return text.length();
  }
}
