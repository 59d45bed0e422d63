package dev.kapell.cel.value;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A format of texts that expressions can check by name.
 *
 * @param name for instance {@code dns1123Label}
 * @param check says what is wrong with a text; nothing when it fits
 */
public record NamedFormat(String name, Function<String, List<String>> check) {
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NamedFormat format && format.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
