package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;

/** Between a served version and the stored one. Works in place on the tree of one request. */
public interface Conversion {
  /** The served version is the stored one. */
  Conversion NONE =
      new Conversion() {
        @Override
        public void toStored(Obj object) {}

        @Override
        public void fromStored(Obj object) {}

        @Override
        public boolean isIdentity() {
          return true;
        }
      };

  /** Changes an object of the served version into the stored one. */
  void toStored(Obj object);

  /** Changes an object of the stored version into the served one. */
  void fromStored(Obj object);

  /** Whether nothing changes, so that stored bytes can be sent as they are. */
  default boolean isIdentity() {
    return false;
  }
}
