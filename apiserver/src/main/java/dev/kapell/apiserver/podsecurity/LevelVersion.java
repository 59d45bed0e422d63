package dev.kapell.apiserver.podsecurity;

import java.util.Optional;

/**
 * A level as a version of Kubernetes defined it.
 *
 * @param minor 25 for {@code v1.25}; {@link #LATEST} for the newest
 */
public record LevelVersion(Level level, int minor) {
  /** {@code latest}. */
  public static final int LATEST = Integer.MAX_VALUE;

  /** Everything is allowed. */
  public static final LevelVersion PRIVILEGED = new LevelVersion(Level.PRIVILEGED, LATEST);

  /** Reads {@code latest} or {@code v1.25}. */
  static Optional<Integer> version(String text) {
    if (text.equals("latest")) {
      return Optional.of(LATEST);
    }
    return text.matches("v1\\.(0|[1-9][0-9]{0,8})")
        ? Optional.of(Integer.parseInt(text.substring(3)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return level.word() + ":" + (minor == LATEST ? "latest" : "v1." + minor);
  }
}
