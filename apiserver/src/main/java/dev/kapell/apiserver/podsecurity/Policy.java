package dev.kapell.apiserver.podsecurity;

import dev.kapell.apiserver.request.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a namespace demands of its pods.
 *
 * @param enforce what pods are refused by
 * @param audit what is written into the audit trail
 * @param warn what the client is warned by
 */
public record Policy(LevelVersion enforce, LevelVersion audit, LevelVersion warn) {
  /** Everything is allowed. */
  public static final Policy PRIVILEGED =
      new Policy(LevelVersion.PRIVILEGED, LevelVersion.PRIVILEGED, LevelVersion.PRIVILEGED);

  static final String PREFIX = "pod-security.kubernetes.io/";

  /**
   * A policy as labels state it. There always is one: a label that cannot be read counts as {@code
   * restricted} where it refuses, and as {@code privileged} where it only tells.
   */
  record Labelled(Policy policy, List<FieldError> errors) {
    Labelled {
      errors = List.copyOf(errors);
    }
  }

  boolean isPrivileged() {
    return enforce.level() == Level.PRIVILEGED && tellsNothing();
  }

  boolean tellsNothing() {
    return audit.level() == Level.PRIVILEGED && warn.level() == Level.PRIVILEGED;
  }

  /** Reads the labels of a namespace; what they leave out is as in {@code defaults}. */
  static Labelled of(Map<String, String> labels, Policy defaults) {
    Reader in = new Reader(labels);
    LevelVersion enforce = in.mode("enforce", defaults.enforce(), Level.RESTRICTED);
    LevelVersion audit = in.mode("audit", defaults.audit(), Level.PRIVILEGED);
    LevelVersion warn = in.mode("warn", defaults.warn(), Level.PRIVILEGED);
    boolean enforced = Level.of(labels.getOrDefault(PREFIX + "enforce", "")).isPresent();
    if (enforced
        && !labels.containsKey(PREFIX + "warn")
        && enforce.level().compareTo(warn.level()) > 0) {
      boolean versioned = labels.containsKey(PREFIX + "warn-version");
      warn = new LevelVersion(enforce.level(), versioned ? warn.minor() : enforce.minor());
    }
    return new Labelled(new Policy(enforce, audit, warn), in.errors);
  }

  /** Reads labels and gathers what is wrong with them. */
  private static final class Reader {
    private final Map<String, String> labels;
    private final List<FieldError> errors = new ArrayList<>();

    private Reader(Map<String, String> labels) {
      this.labels = labels;
    }

    private LevelVersion mode(String mode, LevelVersion usual, Level unreadable) {
      Level level = usual.level();
      String word = labels.get(PREFIX + mode);
      if (word != null) {
        level = Level.of(word).orElse(unreadable);
        if (Level.of(word).isEmpty()) {
          wrong(mode, word, "must be one of privileged, baseline, restricted");
        }
      }
      int minor = usual.minor();
      String version = labels.get(PREFIX + mode + "-version");
      if (version != null) {
        minor = LevelVersion.version(version).orElse(LevelVersion.LATEST);
        if (LevelVersion.version(version).isEmpty()) {
          wrong(mode + "-version", version, "must be \"latest\" or \"v1.x\"");
        }
      }
      return new LevelVersion(level, minor);
    }

    private void wrong(String label, String value, String why) {
      errors.add(FieldError.invalid("metadata.labels[" + PREFIX + label + "]", value, why));
    }
  }
}
