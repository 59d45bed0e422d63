package dev.kapell.client;

/**
 * What came of one create among several.
 *
 * @param <T> what was to be created
 */
public sealed interface Made<T> {
  /** It was stored. */
  record Done<T>(T object) implements Made<T> {}

  /** It was refused; nothing was written for it. */
  record Refused<T>(ApiFailure failure) implements Made<T> {}
}
