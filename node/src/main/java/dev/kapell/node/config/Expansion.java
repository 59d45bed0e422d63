package dev.kapell.node.config;

import java.util.Map;

/**
 * {@code $(NAME)} in commands, arguments and values; {@code $$} stands for one {@code $}, unknown
 * names stay.
 */
public final class Expansion {
  private Expansion() {}

  /** {@code text} with the variables it names. */
  public static String expand(String text, Map<String, String> variables) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
      int end = next == '(' ? text.indexOf(')', at) : -1;
      if (c != '$') {
        out.append(c);
        at++;
      } else if (next == '$') {
        out.append('$');
        at += 2;
      } else if (end > 0) {
        String name = text.substring(at + 2, end);
        out.append(variables.getOrDefault(name, "$(" + name + ")"));
        at = end + 1;
      } else {
        out.append('$');
        at++;
      }
    }
    return out.toString();
  }
}
