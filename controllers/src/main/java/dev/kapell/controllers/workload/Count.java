package dev.kapell.controllers.workload;

import org.jspecify.annotations.Nullable;

/** Counts of a status. Pure. */
public final class Count {
  private Count() {}

  /** {@code count}, or null for 0: the API writes many counts only when they are not 0. */
  public static @Nullable Integer orAbsent(int count) {
    return count == 0 ? null : count;
  }
}
