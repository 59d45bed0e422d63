package dev.kapell.api;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;

/** Tokens of any text; what is wrong with it is told with line and column. */
final class ForeignTokens extends Tokens {
  private final JsonParser parser;

  ForeignTokens(JsonParser parser) {
    this.parser = parser;
  }

  @Override
  @Nullable JsonToken next() {
    return parser.nextToken();
  }

  @Override
  @Nullable JsonToken current() {
    return parser.currentToken();
  }

  @Override
  String name() {
    return parser.currentName();
  }

  @Override
  void skipChildren() {
    parser.skipChildren();
  }

  @Override
  void skipChildren(int to) {
    parser.skipChildren();
  }

  @Override
  String string() {
    return parser.getString();
  }

  @Override
  String string(SharedTexts texts) {
    return texts.shared(parser.getString());
  }

  @Override
  boolean isLong() {
    return switch (parser.getNumberType()) {
      case INT, LONG -> true;
      default -> false;
    };
  }

  @Override
  long longValue() {
    try {
      return parser.getLongValue();
    } catch (InputCoercionException e) {
      throw new ArithmeticException(e.getOriginalMessage());
    }
  }

  @Override
  double doubleValue() {
    return parser.getDoubleValue();
  }

  @Override
  int from() {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  @Override
  int to() {
    return (int) parser.currentLocation().getByteOffset();
  }
}
