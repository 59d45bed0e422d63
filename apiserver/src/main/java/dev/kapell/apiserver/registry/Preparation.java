package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;

/** What the server sets on an object whatever the client said. In the stored version. */
public interface Preparation {
  /** Nothing. */
  Preparation NONE = new Preparation() {};

  /** Before a create is validated. */
  default void create(Obj object) {}

  /** Before an update is validated. */
  default void update(Obj object, Obj old) {}
}
