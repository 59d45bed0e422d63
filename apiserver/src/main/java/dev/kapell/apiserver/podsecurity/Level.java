package dev.kapell.apiserver.podsecurity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How much a policy allows, from everything to little. */
public enum Level {
  /** Everything. */
  PRIVILEGED,
  /** What does not reach out of the pod. */
  BASELINE,
  /** What a careful pod needs. */
  RESTRICTED;

  /** The level of that name, in lower case. */
  static Optional<Level> of(String word) {
    return Arrays.stream(values()).filter(level -> level.word().equals(word)).findFirst();
  }

  /** As in a label. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
