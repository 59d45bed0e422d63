package dev.kapell.apiserver.nodeaccess;

import dev.kapell.apiserver.request.User;
import java.util.Optional;

/** Tells nodes from other users. */
final class NodeUser {
  static final String GROUP = "system:nodes";
  private static final String PREFIX = "system:node:";

  private NodeUser() {}

  /** Whether {@code user} comes as a node, even one whose name cannot be told. */
  static boolean isNode(User user) {
    return user.groups().contains(GROUP);
  }

  /** The name of the node that {@code user} is. */
  static Optional<String> nameOf(User user) {
    return isNode(user) && user.name().startsWith(PREFIX) && user.name().length() > PREFIX.length()
        ? Optional.of(user.name().substring(PREFIX.length()))
        : Optional.empty();
  }
}
