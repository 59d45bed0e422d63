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
      };

  /** Both versions look the same but for {@code apiVersion}. */
  static Conversion relabel(String served, String stored) {
    return new Conversion() {
      @Override
      public void toStored(Obj object) {
        object.put("apiVersion", stored);
      }

      @Override
      public void fromStored(Obj object) {
        object.put("apiVersion", served);
      }
    };
  }

  /** Changes an object of the served version into the stored one. */
  void toStored(Obj object);

  /** Changes an object of the stored version into the served one. */
  void fromStored(Obj object);
}
