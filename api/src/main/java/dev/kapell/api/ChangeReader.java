package dev.kapell.api;

/**
 * How a record is read over the one before it, from text that holds only what differs: members that
 * are named take the place of those before, null takes them away. Stateless.
 *
 * @param <T> the type
 */
public interface ChangeReader<T> extends JsonReader<T> {
  /** The names of members of a kind that are read over those before, too; others are replaced. */
  static boolean isPart(String member) {
    return switch (member) {
      case "metadata", "spec", "status" -> true;
      default -> false;
    };
  }

  /** Reads one JSON object; as {@link #readJson}, with {@code before} where nothing is said. */
  T readChange(T before, JsonIn in);
}
