package dev.kapell.api;

/**
 * How one type is read from JSON, also where nothing writes it. Stateless.
 *
 * @param <T> the type
 */
@FunctionalInterface
public interface JsonReader<T> {
  /**
   * Reads one JSON object; the reader stands on its opening brace. Throws {@link DecodeException}
   * with the path of what is wrong.
   */
  T readJson(JsonIn in);
}
