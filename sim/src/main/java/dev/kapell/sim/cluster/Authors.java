package dev.kapell.sim.cluster;

import java.util.HashMap;
import java.util.Map;

/** Which thread wrote which revision, until somebody asks. */
public final class Authors {
  private final Map<Long, String> byRevision = new HashMap<>();

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
