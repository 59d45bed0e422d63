package dev.kapell.sim.cluster;

import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.controllers.ControllerOptions;
import dev.kapell.controllers.Controllers;
import dev.kapell.scheduler.Scheduler;
import dev.kapell.scheduler.SchedulerOptions;
import java.util.List;

/** Controllers and a scheduler, on caches of their own. */
final class Manager implements AutoCloseable {
  private static final String INSTANCE = "sim";

  private final Caches caches;
  private final Caches schedulerCaches;
  private final Controllers controllers;
  private final EventRecorder events;
  private final Scheduler scheduler;

  private Manager(Site site, Client client) {
    Client controlling = site.interference().forControllers(client);
    Client scheduling = site.interference().forScheduler(client);
    this.caches = new Caches(controlling, site.lane());
    this.schedulerCaches =
        scheduling.equals(controlling) ? caches : new Caches(scheduling, site.lane());
    this.controllers =
        Controllers.start(
            new ControllerOptions(
                controlling,
                caches,
                site.lane(),
                INSTANCE,
                () -> "no authority",
                List::of,
                new Measurements(controlling, site)));
    this.events = new EventRecorder(scheduling, site.lane(), "default-scheduler", INSTANCE);
    this.scheduler =
        Scheduler.start(
            SchedulerOptions.of(new LoopContext(scheduling, schedulerCaches, events, site.lane())));
  }

  /** Starts them; they ask and write through {@code client}. */
  static Manager start(Site site, Client client) {
    return new Manager(site, client);
  }

  @Override
  public void close() {
    scheduler.close();
    events.close();
    controllers.close();
    schedulerCaches.close();
    caches.close();
  }
}
