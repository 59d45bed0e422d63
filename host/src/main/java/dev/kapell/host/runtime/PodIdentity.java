package dev.kapell.host.runtime;

/**
 * Which pod a sandbox belongs to.
 *
 * @param attempt counts the sandboxes of one pod, from 0
 */
public record PodIdentity(String namespace, String name, String uid, int attempt) {
  /** The same pod's sandbox number {@code attempt}. */
  public PodIdentity withAttempt(int attempt) {
    return new PodIdentity(namespace, name, uid, attempt);
  }
}
