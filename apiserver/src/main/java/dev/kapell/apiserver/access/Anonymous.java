package dev.kapell.apiserver.access;

import java.util.Set;

/**
 * What is done with requests that show neither certificate nor token.
 *
 * @param enabled whether they are let in at all; what they may is for the authorizers to say
 * @param paths the only paths that they are let in on; empty: all
 */
public record Anonymous(boolean enabled, Set<String> paths) {
  /** As Kubernetes: let in, and by default allowed to ask for the server's health and version. */
  public static final Anonymous DEFAULT = new Anonymous(true, Set.of());

  /** Copies the paths. */
  public Anonymous {
    paths = Set.copyOf(paths);
  }

  /** Whether a request on {@code path} is let in. */
  public boolean admits(String path) {
    return enabled && (paths.isEmpty() || paths.contains(path));
  }
}
