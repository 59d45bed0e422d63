package dev.kapell.cel.type;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How fields whose names are no identifiers are written: {@code x-y} as {@code x__dash__y}. */
public final class FieldNames {
  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");
  private static final Pattern ESCAPED = Pattern.compile("__([^_]+)__");

  private FieldNames() {}

  /** As an expression writes it; empty when no expression can. */
  public static Optional<String> escape(String name) {
    if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
      return Optional.empty();
    }
    if (RESERVED.contains(name)) {
      return Optional.of("__" + name + "__");
    }
    if (!name.matches("[a-zA-Z0-9_./-]+")) {
      return Optional.empty();
    }
    return Optional.of(
        name.replace("__", "__underscores__")
            .replace(".", "__dot__")
            .replace("-", "__dash__")
            .replace("/", "__slash__"));
  }

  /** As the object has it. */
  public static String unescape(String written) {
    if (!written.contains("__")) {
      return written;
    }
    return ESCAPED
        .matcher(written)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    switch (found.group(1)) {
                      case "underscores" -> "__";
                      case "dot" -> ".";
                      case "dash" -> "-";
                      case "slash" -> "/";
                      default -> RESERVED.contains(found.group(1)) ? found.group(1) : found.group();
                    }));
  }
}
