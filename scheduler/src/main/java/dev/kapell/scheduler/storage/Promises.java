package dev.kapell.scheduler.storage;

import dev.kapell.client.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Free volumes that are about to be bound to claims. The scheduler's thread's. */
public final class Promises {
  private final Map<String, ObjectKey> claimByVolume = new HashMap<>();

  /** Nothing is promised. */
  public Promises() {}

  /** Whether the volume is promised to another claim. */
  boolean isGivenAway(String volume, ObjectKey claim) {
    ObjectKey taker = claimByVolume.get(volume);
    return taker != null && !taker.equals(claim);
  }

  /** Promises what {@code choice} binds. */
  public void make(List<Choice.Match> matches) {
    matches.forEach(match -> claimByVolume.put(match.volume(), match.claim()));
  }

  /** It is bound, or will not be. */
  public void end(List<Choice.Match> matches) {
    matches.forEach(match -> claimByVolume.remove(match.volume(), match.claim()));
  }
}
