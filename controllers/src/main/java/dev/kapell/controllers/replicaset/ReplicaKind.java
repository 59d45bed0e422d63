package dev.kapell.controllers.replicaset;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.core.v1.Pod;
import java.util.Optional;

/** A kind whose objects want a number of pods. Pure. */
interface ReplicaKind<T extends ApiObject> {
  ResourceType<T> type();

  /** Whether {@code set} might adopt a pod that nobody manages. */
  boolean selects(T set, Pod pod);

  /** What {@code set} wants. */
  Replicas replicas(T set);

  /** {@code set} with what there is to tell in its status. */
  T told(T set, Replicas.Counts counts, Optional<Failure> failure);
}
