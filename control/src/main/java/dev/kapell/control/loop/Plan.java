package dev.kapell.control.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a decision came to. Immutable.
 *
 * @param changes in the order in which they are to be applied; the first refusal ends it
 * @param again when to decide anew although nothing changed
 */
public record Plan(List<Change> changes, Optional<Duration> again) {
  /** All is as it should be. */
  public static final Plan NOTHING = new Plan(List.of(), Optional.empty());

  /** Copies the changes. */
  public Plan {
    changes = List.copyOf(changes);
  }

  /** These changes and no further date. */
  public static Plan of(Change... changes) {
    return new Plan(List.of(changes), Optional.empty());
  }

  /** Nothing now, but decide again after {@code delay}. */
  public static Plan later(Duration delay) {
    return new Plan(List.of(), Optional.of(delay));
  }

  /** Collects a plan. For one thread. */
  public static final class Builder {
    private final List<Change> changes = new ArrayList<>();
    private @Nullable Duration again;

    /** Adds a change. */
    public Builder add(Change change) {
      changes.add(change);
      return this;
    }

    /** Adds changes. */
    public Builder addAll(List<? extends Change> more) {
      changes.addAll(more);
      return this;
    }

    /** Decide again after {@code delay} at the latest; the shortest wish counts. */
    public Builder againAfter(Duration delay) {
      if (again == null || delay.compareTo(again) < 0) {
        again = delay;
      }
      return this;
    }

    /** Whether no change has been added. */
    public boolean isEmpty() {
      return changes.isEmpty();
    }

    /** The plan. */
    public Plan build() {
      return new Plan(changes, Optional.ofNullable(again));
    }
  }
}
