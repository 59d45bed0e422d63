package dev.kapell.node.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A plan while it is being made. Lives within one call of {@link PodPlanner#decide}. */
final class Draft {
  private final PodObserved seen;
  private final Instant now;
  private final List<Change> changes = new ArrayList<>();
  private @Nullable Instant wakeAt;

  Draft(PodObserved seen, Instant now) {
    this.seen = seen;
    this.now = now;
  }

  /** Adds a change that is not already being carried out. */
  void add(Change change) {
    changes.add(change);
  }

  /** True when {@code due} has come; else the plan wakes then. */
  boolean due(Instant due) {
    if (due.isAfter(now)) {
      wakeAt(due);
      return false;
    }
    return true;
  }

  void wakeAt(Instant due) {
    if (due.isAfter(now) && (wakeAt == null || due.isBefore(wakeAt))) {
      wakeAt = due;
    }
  }

  Instant now() {
    return now;
  }

  List<Change> changes() {
    return changes;
  }

  Optional<Instant> wakeAt() {
    return Optional.ofNullable(wakeAt);
  }

  /** Whether a resize is on its way, begun before or in this plan: one container at a time. */
  boolean resizes() {
    return seen.underWay(Change.ResizeContainer.class).isPresent()
        || changes.stream().anyMatch(Change.ResizeContainer.class::isInstance);
  }

  /**
   * Whether a start is on its way, begun before or in this plan: containers start one after
   * another.
   */
  boolean starts() {
    return seen.underWay(Change.StartContainer.class).isPresent()
        || changes.stream().anyMatch(Change.StartContainer.class::isInstance);
  }
}
