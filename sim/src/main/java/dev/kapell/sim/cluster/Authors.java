package dev.kapell.sim.cluster;

import java.util.HashMap;
import java.util.Map;

/** Which thread wrote which revision, until somebody asks. */
public final class Authors {
  private final Map<Long, String> byRevision = new HashMap<>();
  private final Map<Thread, String> managers = new HashMap<>();

  /** From now on {@code thread} works for {@code manager}. */
  void assign(Thread thread, String manager) {
    managers.put(thread, manager);
  }

  /** The name of {@code thread}, followed by {@code @} and its manager if there are several. */
  String name(Thread thread) {
    String manager = managers.get(thread);
    return manager == null ? thread.getName() : thread.getName() + "@" + manager;
  }

  void wrote(long revision, String who) {
    byRevision.put(revision, who);
  }

  /** Who wrote {@code revision}; forgotten with {@link #forget}. */
  public String of(long revision) {
    return byRevision.getOrDefault(revision, "?");
  }

  /** Revisions up to this one are told. */
  public void forget(long upTo) {
    byRevision.keySet().removeIf(revision -> revision <= upTo);
  }
}
