package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.tree.Obj;
import java.util.Optional;

/**
 * How admission sees a write of a subresource whose bodies are of another kind: a {@code Scale}
 * instead of the Deployment behind it. All objects in the version of the request.
 */
interface Lens {
  /** What is done, in the eyes of admission. */
  Operation operation();

  /** What stands for the object as it was, which stays as it is; empty when that is not shown. */
  Optional<Obj> before(Obj old);

  /** What stands for the object as it shall be, which stays as it is. */
  Obj after(Obj next);

  /** Brings what admission made of {@link #after} into {@code next} itself; returns that. */
  Obj restore(Obj shown, Obj next);
}
