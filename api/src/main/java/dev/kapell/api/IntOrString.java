package dev.kapell.api;

import java.util.OptionalInt;

/** A port's number or name, a count or a percentage. */
public sealed interface IntOrString {
  /** A number. */
  record OfInt(int value) implements IntOrString {
    @Override
    public String toString() {
      return Integer.toString(value);
    }
  }

  /** A name or a percentage. */
  record OfString(String value) implements IntOrString {
    @Override
    public String toString() {
      return value;
    }
  }

  /** A number. */
  static IntOrString of(int value) {
    return new OfInt(value);
  }

  /** A name or a percentage. */
  static IntOrString of(String value) {
    return new OfString(value);
  }

  /** A number, when {@code text} is one, else the text. */
  static IntOrString parse(String text) {
    try {
      return of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return of(text);
    }
  }

  /** The percentage, for instance 25 for {@code 25%}; empty when this is none. */
  default OptionalInt percent() {
    if (this instanceof OfString text && text.value().endsWith("%")) {
      try {
        return OptionalInt.of(
            Integer.parseInt(text.value().substring(0, text.value().length() - 1)));
      } catch (NumberFormatException e) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.empty();
  }

  /**
   * The number itself, or that percentage of {@code total}, rounded up or down.
   *
   * @throws IllegalArgumentException when it is neither a number nor a percentage
   */
  default int scaled(int total, boolean roundUp) {
    if (this instanceof OfInt number) {
      return number.value();
    }
    OptionalInt percent = percent();
    if (percent.isEmpty()) {
      throw new IllegalArgumentException(
          "invalid value for IntOrString: invalid type: string is not a percentage");
    }
    long product = (long) percent.getAsInt() * total;
    return (int) (roundUp ? Math.ceilDiv(product, 100) : Math.floorDiv(product, 100));
  }
}
