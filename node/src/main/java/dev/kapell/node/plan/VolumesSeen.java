package dev.kapell.node.plan;

import java.time.Instant;

/** How far the pod's volumes are. */
public sealed interface VolumesSeen {
  /** Nothing done yet. */
  record Unmounted() implements VolumesSeen {}

  /** Containers can use them. */
  record Mounted() implements VolumesSeen {}

  /** Mounting failed and is tried again. */
  record Failed(String message, int failures, Instant at) implements VolumesSeen {}

  /** Unmounted for ever, and the pod's cgroup and folders are gone. */
  record Released() implements VolumesSeen {}
}
