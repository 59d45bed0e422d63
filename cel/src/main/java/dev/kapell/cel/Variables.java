package dev.kapell.cel;

import java.util.Optional;

/** The values of an environment's variables in one evaluation. */
@FunctionalInterface
public interface Variables {
  /** The value of {@code name}: a JSON value, or one of {@code dev.kapell.cel.value}. */
  Optional<Object> find(String name);
}
