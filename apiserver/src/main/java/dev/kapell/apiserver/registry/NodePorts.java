package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Ports of services on every node: an entry for each that is taken. Thread-safe. */
final class NodePorts {
  static final String TABLE = "kapell/nodeports";
  private static final int FIRST = 30_000;
  private static final int COUNT = 2_768;

  private final Randomness randomness;

  NodePorts(Randomness randomness) {
    this.randomness = randomness;
  }

  static Key key(long port) {
    return new Key(TABLE, Long.toString(port));
  }

  static Op.Put claim(Key key, Obj service) {
    Obj meta = service.child("metadata");
    String owner = meta.text("namespace") + "/" + meta.text("name");
    return new Op.Put(key, owner.getBytes(StandardCharsets.UTF_8), Op.ABSENT, -1);
  }

  static boolean isInside(long port) {
    return port >= FIRST && port < FIRST + COUNT;
  }

  /** A port that nobody has, and that is none of {@code chosen}. */
  long free(Snapshot snapshot, Set<Long> chosen) {
    int start = randomness.nextInt(COUNT);
    for (int i = 0; i < COUNT; i++) {
      long port = FIRST + (long) ((start + i) % COUNT);
      if (!chosen.contains(port) && snapshot.get(key(port)).isEmpty()) {
        return port;
      }
    }
    throw Failures.internal("every node port from 30000 to 32767 is taken: delete a service");
  }
}
