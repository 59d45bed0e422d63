package dev.kapell.controllers.garbage;

import dev.kapell.api.ApiObject;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What is to become of an object, from its owners. Pure. */
sealed interface Verdict {
  /** How an owner stands. */
  enum Owner {
    /** It is there. */
    PRESENT,
    /** It is there, and waits for its dependents to go first. */
    WAITING,
    /** The server has no such object with that uid. */
    ABSENT,
    /**
     * It cannot be told: its kind is not served, or a cluster-wide object names one in a namespace.
     */
    UNKNOWN
  }

  /** It stays as it is. */
  record Keep() implements Verdict {}

  /** It stays, but these references go: their owners are gone or going. */
  record Drop(Set<String> uids) implements Verdict {}

  /** It goes; {@code foreground} when its own dependents have to go before it. */
  record Delete(boolean foreground) implements Verdict {}

  /** Judges {@code object}. */
  static Verdict of(
      ApiObject object, Function<OwnerReference, Owner> owners, boolean hasDependents) {
    ObjectMeta meta = object.metadata();
    List<String> gone = new ArrayList<>();
    boolean kept = false;
    boolean waited = false;
    for (OwnerReference reference : meta.ownerReferences()) {
      switch (owners.apply(reference)) {
        case PRESENT, UNKNOWN -> kept = true;
        case ABSENT -> gone.add(reference.uidOr(""));
        case WAITING -> {
          waited = true;
          gone.add(reference.uidOr(""));
        }
      }
    }
    if (meta.ownerReferences().isEmpty() || meta.deletionTimestamp() != null) {
      return new Keep();
    }
    if (kept) {
      return gone.isEmpty() ? new Keep() : new Drop(Set.copyOf(gone));
    }
    return new Delete(waited && hasDependents);
  }
}
