package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.scheduler.demand.Demand;

/** What may make room for a pod that no node fits. */
public sealed interface Event {
  /**
   * A node is new or has changed.
   *
   * @param node as it is now
   */
  record NodeChanged(Node node, boolean isNew) implements Event {}

  /**
   * A pod has left its node, or asks for less than before.
   *
   * @param row where; negative when it had no place
   */
  record PodGone(Demand pod, int row) implements Event {}

  /** A pod has got a node, or asks for something else there. */
  record PodPlaced(Demand pod) implements Event {}

  /** Only the labels of a pod that has a node have changed. */
  record PodRelabelled(Demand before, Demand after) implements Event {}

  /** Volumes, claims, classes or what nodes can attach have changed. */
  record StorageChanged() implements Event {}

  /** Claims of devices, their classes, or what drivers offer have changed. */
  record DevicesChanged() implements Event {}

  /** Whether it is about another pod and nothing else. */
  default boolean isOfPod() {
    return switch (this) {
      case PodGone gone -> true;
      case PodPlaced placed -> true;
      case PodRelabelled relabelled -> true;
      case NodeChanged changed -> false;
      case StorageChanged storage -> false;
      case DevicesChanged devices -> false;
      case Unknown unknown -> false;
    };
  }

  /** Something of which nothing more is known. */
  record Unknown() implements Event {}
}
