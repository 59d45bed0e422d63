package dev.kapell.controllers.replicaset;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.control.loop.Change;
import dev.kapell.controllers.workload.Notice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A kind whose objects want a number of pods. Pure. */
interface ReplicaKind<T extends ApiObject> {
  /**
   * What there is to tell.
   *
   * @param failure why a pod could not be made or deleted
   */
  record News(
      Replicas.Counts counts, Optional<Failure> failure, List<Notice> notices, Instant now) {}

  ResourceType<T> type();

  /** Whether {@code set} might adopt a pod that nobody manages. */
  boolean selects(T set, Pod pod);

  /** What {@code set} wants. */
  Replicas replicas(T set);

  /** {@code set} with {@code news} in its status. */
  T told(T set, News news);

  /** An event for each of {@code notices} that {@code set} does not tell yet. */
  List<Change> events(T set, List<Notice> notices);
}
