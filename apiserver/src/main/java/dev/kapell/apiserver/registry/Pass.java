package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes that are sent one after the other before the first is awaited: what several of them change
 * (a quota that they share) each of them finds as those before it will have left it. When one of
 * those fails after all, so do the ones that build on it, and each is done again alone. One
 * thread's.
 */
final class Pass {
  /** What a write of this pass leaves under a key. */
  private record Left(Obj object, Op.Put put) {}

  private final Map<Key, Left> left = new HashMap<>();
  private final Map<Key, Left> noted = new HashMap<>();
  private final Snapshot snapshot;

  private Pass(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** A pass, or a write alone, that begins with what {@code snapshot} shows. */
  static Pass at(Snapshot snapshot) {
    return new Pass(snapshot);
  }

  /** What was committed when it began. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** The object as this write will find it; not to be changed. */
  Obj object(Stored stored) {
    Left before = left.get(stored.entry().key());
    return before == null ? stored.object() : before.object();
  }

  /** What puts {@code next} in place of {@link #object}; in its stored form. */
  List<Op> put(Stored stored, Obj next) {
    Key key = stored.entry().key();
    Left before = left.get(key);
    Op.Put put = Storage.put(key, next, before == null ? stored.entry().revision() : Op.ANY);
    noted.put(key, new Left(next, put));
    return before == null ? List.of(put) : List.of(new Op.Follows(before.put()), put);
  }

  /** A write was sent: the next ones build on it. */
  void sent() {
    left.putAll(noted);
    noted.clear();
  }

  /** Forgets what the last write noted, should it not have been sent. */
  void dropped() {
    noted.clear();
  }
}
