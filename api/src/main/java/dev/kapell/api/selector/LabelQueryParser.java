package dev.kapell.api.selector;

import dev.kapell.api.DecodeException;
import dev.kapell.api.selector.LabelQuery.Operator;
import dev.kapell.api.selector.LabelQuery.Requirement;
import java.util.ArrayList;
import java.util.List;

/** Reads the text form of a label selector from left to right. One use, one thread. */
final class LabelQueryParser {
  private static final String SYMBOLS = "=!,()<>";

  private final String text;
  private int at;

  LabelQueryParser(String text) {
    this.text = text;
  }

  List<Requirement> requirements() {
    List<Requirement> requirements = new ArrayList<>();
    do {
      requirements.add(requirement());
    } while (take(','));
    skipSpace();
    if (at < text.length()) {
      throw failure("expected ',' or the end");
    }
    return requirements;
  }

  private Requirement requirement() {
    if (take('!')) {
      return new Requirement(word("a label's name"), Operator.DOES_NOT_EXIST, List.of());
    }
    String key = word("a label's name");
    skipSpace();
    if (at >= text.length() || text.charAt(at) == ',') {
      return new Requirement(key, Operator.EXISTS, List.of());
    }
    if (take('!')) {
      expect('=');
      return new Requirement(key, Operator.NOT_IN, List.of(value()));
    }
    if (take('=')) {
      take('=');
      return new Requirement(key, Operator.IN, List.of(value()));
    }
    if (take('>')) {
      return new Requirement(key, Operator.GREATER_THAN, List.of(number()));
    }
    if (take('<')) {
      return new Requirement(key, Operator.LESS_THAN, List.of(number()));
    }
    return switch (word("an operator")) {
      case "in" -> new Requirement(key, Operator.IN, values());
      case "notin" -> new Requirement(key, Operator.NOT_IN, values());
      default -> throw failure("expected one of =, ==, !=, in, notin, <, >");
    };
  }

  private List<String> values() {
    expect('(');
    List<String> values = new ArrayList<>();
    do {
      values.add(value());
    } while (take(','));
    expect(')');
    return values;
  }

  private String number() {
    String word = word("a whole number");
    try {
      Long.parseLong(word);
      return word;
    } catch (NumberFormatException e) {
      throw failure("for '<' and '>' the value must be a whole number");
    }
  }

  private String value() {
    skipSpace();
    int start = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private String word(String what) {
    String word = value();
    if (word.isEmpty()) {
      throw failure("expected " + what);
    }
    return word;
  }

  private static boolean isWord(char letter) {
    return !Character.isWhitespace(letter) && SYMBOLS.indexOf(letter) < 0;
  }

  private boolean take(char symbol) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == symbol) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char symbol) {
    if (!take(symbol)) {
      throw failure("expected '" + symbol + "'");
    }
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private DecodeException failure(String message) {
    String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
    return new DecodeException(
        "unable to parse requirement: "
            + message
            + " at character "
            + at
            + " of \""
            + shown
            + "\"");
  }
}
