package dev.kapell.api;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * The tokens of one JSON text from left to right. {@link ForeignTokens} reads what others wrote,
 * {@link OwnTokens} what a codec of this process did. One thread.
 */
abstract class Tokens {
  /** Moves on to the next token; null at the end of the text. */
  abstract @Nullable JsonToken next();

  /** The token where it stands; null before the first and behind the last. */
  abstract @Nullable JsonToken current();

  /** The name of the member that it came to last. */
  abstract String name();

  /** From the beginning of an object or a list to its end; elsewhere it stays. */
  abstract void skipChildren();

  /**
   * The same where the end is known.
   *
   * @param to the byte behind it
   */
  abstract void skipChildren(int to);

  /** A text, or a number as it is written. */
  abstract String string();

  /** A text, the one that {@code texts} holds where it holds one. */
  abstract String string(SharedTexts texts);

  /** Whether a whole number fits 64 bits. */
  abstract boolean isLong();

  /** A whole number; {@link ArithmeticException} when it does not fit 64 bits. */
  abstract long longValue();

  /** A number. */
  abstract double doubleValue();

  /** Where the token begins, in bytes. */
  abstract int from();

  /** The byte behind the token. */
  abstract int to();
}
