package dev.kapell.node.plan;

import java.time.Instant;

/** What is known of a container's image on this node. */
public sealed interface ImageSeen {
  /** It is here; {@code id} is the runtime's reference to it. */
  record Present(String id) implements ImageSeen {}

  /**
   * It could not be had.
   *
   * @param reason {@code ErrImagePull}, {@code ErrImageNeverPull} or {@code InvalidImageName}
   * @param message what a person should read
   * @param failures in a row
   * @param at when it last failed
   */
  record Failed(String reason, String message, int failures, Instant at) implements ImageSeen {}
}
