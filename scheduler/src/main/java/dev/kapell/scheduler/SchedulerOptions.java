package dev.kapell.scheduler;

import dev.kapell.base.Backoff;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.extender.Extenders;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.profile.Profile;
import java.time.Duration;
import java.util.List;

/**
 * How to schedule.
 *
 * @param context client, caches, events (component {@code default-scheduler}) and clock
 * @param profiles the rules, by the names under which pods ask for them; at least one
 * @param extenders other programs that have a say
 * @param backoff how long a pod that did not fit waits at least
 * @param bindings how many writes to the API server may be under way at once
 */
public record SchedulerOptions(
    LoopContext context,
    List<Profile> profiles,
    Extenders extenders,
    Backoff backoff,
    int bindings) {
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  /** Copies. */
  public SchedulerOptions {
    profiles = List.copyOf(profiles);
  }

  /** The default scheduler with the default rules. */
  public static SchedulerOptions of(LoopContext context) {
    return new SchedulerOptions(context, List.of(Profile.standard()), Extenders.NONE, BACKOFF, 64);
  }

  /** With these profiles. */
  public SchedulerOptions withProfiles(List<Profile> others) {
    return new SchedulerOptions(context, others, extenders, backoff, bindings);
  }

  /** With other programs that have a say. */
  public SchedulerOptions withExtenders(Extenders others) {
    return new SchedulerOptions(context, profiles, others, backoff, bindings);
  }

  /** With another back-off. */
  public SchedulerOptions withBackoff(Backoff other) {
    return new SchedulerOptions(context, profiles, extenders, other, bindings);
  }

  /** The name of the first profile. */
  public String name() {
    return profiles.getFirst().schedulerName();
  }

  /** The rules of the first profile. */
  public Plugins plugins() {
    return profiles.getFirst().plugins();
  }
}
