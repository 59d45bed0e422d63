package dev.kapell.controllers.workload;

import dev.kapell.api.IntOrString;
import org.jspecify.annotations.Nullable;

/** Numbers that may be given as a percentage. Pure. */
public final class Share {
  private Share() {}

  /** {@code share} of {@code total}, percentages rounded up. */
  public static int ceil(@Nullable IntOrString share, int total, int absent) {
    return of(share, total, absent, true);
  }

  /** {@code share} of {@code total}, percentages rounded down. */
  public static int floor(@Nullable IntOrString share, int total, int absent) {
    return of(share, total, absent, false);
  }

  private static int of(@Nullable IntOrString share, int total, int absent, boolean up) {
    return share == null ? absent : share.scaled(total, up);
  }
}
