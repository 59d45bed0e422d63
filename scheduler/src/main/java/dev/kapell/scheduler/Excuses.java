package dev.kapell.scheduler;

import dev.kapell.base.Clock;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why no node fits, asked of every node. Pods that are equal share what was found out within a
 * moment: a thousand of them that do not fit cost one look at the nodes, not a thousand. The
 * scheduler's thread's.
 */
final class Excuses {
  private static final int KEPT = 64;
  private static final Duration FRESH = Duration.ofSeconds(1);

  private record Key(String profile, Demand demand) {}

  private record Excuse(Explanation explanation, long nanos) {}

  private final View view;
  private final Clock clock;
  private final Map<Key, Excuse> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Excuse> eldest) {
          return size() > KEPT;
        }
      };

  Excuses(View view, Clock clock) {
    this.view = view;
    this.clock = clock;
  }

  Explanation of(Demand demand, Profile profile) {
    Key key = new Key(profile.schedulerName(), demand);
    long now = clock.nanoTime();
    Excuse known = recent.get(key);
    if (known != null
        && now - known.nanos() < FRESH.toNanos()
        && known.explanation().nodes() == view.cluster().nodeCount()) {
      return known.explanation();
    }
    Explanation fresh = Explanation.of(demand, profile.plugins(), view);
    recent.put(key, new Excuse(fresh, now));
    return fresh;
  }
}
