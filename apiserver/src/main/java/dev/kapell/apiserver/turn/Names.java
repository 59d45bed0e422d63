package dev.kapell.apiserver.turn;

import java.util.concurrent.ConcurrentHashMap;

/** Whom those turned out to be who came before. Thread-safe; bounded. */
final class Names {
  private static final int MOST = 1000;

  private final ConcurrentHashMap<String, String> users = new ConcurrentHashMap<>();

  /** The user that {@code apparent} turned out to be; itself while that is not known. */
  String of(String apparent) {
    return users.getOrDefault(apparent, apparent);
  }

  void learn(String apparent, String user) {
    if (users.size() >= MOST) {
      users.clear();
    }
    users.put(apparent, user);
  }
}
