package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/**
 * Between a served version and the form in which writes work on objects. Works in place on the
 * trees of one request.
 *
 * <p>Built-in kinds are worked on in the version that is stored. Custom kinds are worked on in the
 * version of the request, whose schema judges them; they are converted when they are read ({@link
 * #open}) and written ({@link #sealed}).
 */
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

  /** Changes an object of the served version into the one that is worked on. */
  void toStored(Obj object);

  /** Changes an object, as stored or as worked on in any version, into the served version. */
  void fromStored(Obj object);

  /** The same for many at once. */
  default void fromStored(List<Obj> objects) {
    objects.forEach(this::fromStored);
  }

  /** Whether nothing changes, so that stored bytes can be sent as they are. */
  default boolean isIdentity() {
    return false;
  }

  /** Whether somebody outside is asked, so that it may take its time and fail. */
  default boolean isRemote() {
    return false;
  }

  /** Changes an object that was just read into the one that is worked on. */
  default void open(Obj stored) {}

  /** What is stored of an object that was worked on; {@code object} stays as it is. */
  default Obj sealed(Obj object) {
    return object;
  }

  /** Whether the next write changes how {@code stored} is stored, even when it changes nothing. */
  default boolean isOutdated(Obj stored) {
    return false;
  }
}
