package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;

/** Bodies that say no more than that it worked. */
final class Answers {
  private Answers() {}

  static byte[] success() {
    return Wire.plain(
        Obj.tree(
            "kind", "Status", "apiVersion", "v1", "metadata", Obj.tree(), "status", "Success"));
  }
}
