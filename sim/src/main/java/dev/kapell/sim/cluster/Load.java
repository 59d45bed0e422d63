package dev.kapell.sim.cluster;

import java.util.HashMap;
import java.util.Map;

/** How much processor time the running pods of each app need altogether. */
public final class Load {
  private final Map<String, Integer> milliCpu = new HashMap<>();

  Load() {}

  /** From now on the pods with the label {@code app} share so much work. */
  public void set(String app, int milli) {
    milliCpu.put(app, milli);
  }

  int of(String app) {
    return milliCpu.getOrDefault(app, 0);
  }
}
