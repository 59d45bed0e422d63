package dev.kapell.scheduler;

import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.plugin.Plugins;

/**
 * How to schedule.
 *
 * @param context client, caches, events (component {@code default-scheduler}) and clock
 * @param name pods with this {@code schedulerName} are ours
 * @param plugins the rules
 * @param bindings how many writes to the API server may be under way at once
 */
public record SchedulerOptions(LoopContext context, String name, Plugins plugins, int bindings) {
  /** The default scheduler with the default rules. */
  public static SchedulerOptions of(LoopContext context) {
    return new SchedulerOptions(context, "default-scheduler", Plugins.standard(), 64);
  }
}
