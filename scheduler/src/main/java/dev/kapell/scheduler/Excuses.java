package dev.kapell.scheduler;

import dev.kapell.base.Clock;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import dev.kapell.scheduler.why.Closest;
import dev.kapell.scheduler.why.Survey;
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

  /**
   * Why no node fits.
   *
   * @param survey what the filters say
   * @param closest a sentence about the node that nearly fits, with a space in front; or empty
   */
  record Excuse(Survey survey, String closest, long nanos) {}

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

  Excuse of(Demand demand, Profile profile) {
    Key key = new Key(profile.schedulerName(), demand);
    long now = clock.nanoTime();
    Excuse known = recent.get(key);
    if (known != null
        && now - known.nanos() < FRESH.toNanos()
        && known.survey().nodes() == view.cluster().nodeCount()) {
      return known;
    }
    Survey survey = Survey.of(demand, profile.plugins(), view);
    String closest =
        Closest.of(survey, demand, profile.plugins(), view).map(Closest::sentence).orElse("");
    Excuse fresh = new Excuse(survey, closest, now);
    recent.put(key, fresh);
    return fresh;
  }
}
