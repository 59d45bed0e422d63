package dev.kapell.scheduler;

import dev.kapell.scheduler.choice.Verdicts;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.extender.Extenders;
import dev.kapell.scheduler.plugin.Event;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import dev.kapell.scheduler.queue.Waiting;
import java.util.List;
import java.util.Optional;

/**
 * A profile at work. The scheduler's thread's.
 *
 * @param verdicts finds nodes
 * @param preemption makes room; empty when the profile does not allow it
 */
record Rules(Profile profile, Verdicts verdicts, Optional<Preemption> preemption) {
  static Rules of(Profile profile, View view, Extenders extenders) {
    return new Rules(
        profile,
        new Verdicts(profile, view, extenders),
        profile.preemption().map(a -> new Preemption(profile.plugins(), view, a)));
  }

  /** A bit for each filter whose answer depends on other pods. */
  long social() {
    long bits = 0;
    List<Filter> filters = profile.plugins().filters();
    for (int i = 0; i < filters.size(); i++) {
      bits |= filters.get(i).isLocal() ? 0 : 1L << i;
    }
    return bits;
  }

  /** Whether one of the filters that refused the pod may now let it pass. */
  boolean isHelped(Waiting waiting, List<Event> events, View view) {
    List<Filter> filters = profile.plugins().filters();
    Demand demand = waiting.demand();
    for (int i = 0; i < filters.size(); i++) {
      if ((waiting.refusers() & (1L << i)) != 0) {
        for (Event event : events) {
          if (filters.get(i).isHelpedBy(event, demand, view)) {
            return true;
          }
        }
      }
    }
    return waiting.refusers() == 0;
  }
}
