package dev.kapell.cel.value;

import java.util.Optional;

/** Something with named fields that are worked out when asked for. */
public interface Fields {
  /** The value of {@code name}, if there is such a field. */
  Optional<Object> field(String name);
}
