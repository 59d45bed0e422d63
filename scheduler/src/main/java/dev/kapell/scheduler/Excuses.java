package dev.kapell.scheduler;

import dev.kapell.base.Clock;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import dev.kapell.scheduler.why.Closest;
import dev.kapell.scheduler.why.Survey;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
   * @param sentence what the filters say, in Kubernetes' words
   * @param victims what the search for pods to make room came to, when it found none
   * @param closest a sentence about the node that nearly fits, with a space in front; or empty
   * @param helped the rows that removing pods might help
   * @param survey what was asked
   */
  record Excuse(
      String sentence, String victims, String closest, BitSet helped, Survey survey, long nanos) {
    /** Whether there are nodes that nobody refuses any more. */
    boolean isNone() {
      return !survey.fitting().isEmpty();
    }

    String withVictims() {
      return sentence + closest;
    }

    String withoutVictims(boolean mayPreempt) {
      return sentence + (mayPreempt ? victims : survey.noVictims(false)) + closest;
    }
  }

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

  /** Claims have changed: what was found out about pods that have some may be over. */
  void forgetClaims() {
    recent
        .keySet()
        .removeIf(key -> !key.demand().devices().isEmpty() || !key.demand().claims().isEmpty());
  }

  /**
   * The excuse.
   *
   * @param besides what is said of nodes that pass all filters, when somebody else may refuse them
   */
  Excuse of(Demand demand, Profile profile, Optional<String> besides) {
    Key key = new Key(profile.schedulerName(), demand);
    long now = clock.nanoTime();
    Excuse known = recent.get(key);
    if (known != null
        && now - known.nanos() < FRESH.toNanos()
        && known.survey().nodes() == view.cluster().nodeCount()) {
      return known;
    }
    Survey asked = Survey.of(demand, profile.plugins(), view);
    Survey survey = besides.map(asked::refusing).orElse(asked);
    String closest =
        Closest.of(asked, demand, profile.plugins(), view).map(Closest::sentence).orElse("");
    Excuse fresh =
        new Excuse(
            survey.sentence(), survey.noVictims(true), closest, survey.helpedRows(), survey, now);
    if (!fresh.isNone()) {
      recent.put(key, fresh);
    }
    return fresh;
  }
}
