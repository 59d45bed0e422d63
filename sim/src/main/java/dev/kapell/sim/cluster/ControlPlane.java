package dev.kapell.sim.cluster;

import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.controllers.ControllerOptions;
import dev.kapell.controllers.Controllers;
import dev.kapell.scheduler.Scheduler;
import dev.kapell.scheduler.SchedulerOptions;

/** One process: API pipeline, controllers, scheduler, wired as the server wires them. */
final class ControlPlane implements AutoCloseable {
  private static final String INSTANCE = "sim";

  private final ApiCore core;
  private final Caches caches;
  private final Caches schedulerCaches;
  private final Controllers controllers;
  private final EventRecorder events;
  private final Scheduler scheduler;

  private ControlPlane(Site site, Life life) {
    ProcessStore store = new ProcessStore(site.store(), life, site);
    this.core =
        ApiCore.open(
            new ApiCore.Needs(
                site.interference().forServer(store),
                site.lane(),
                site.random(),
                order -> {
                  throw new IllegalStateException("nobody asks for tokens in a simulation");
                }));
    Client client = core.client(User.SYSTEM, "kapell");
    Client controlling = site.interference().forControllers(client);
    Client scheduling = site.interference().forScheduler(client);
    this.caches = new Caches(controlling, site.lane());
    this.schedulerCaches =
        scheduling.equals(controlling) ? caches : new Caches(scheduling, site.lane());
    this.controllers =
        Controllers.start(
            ControllerOptions.of(controlling, caches, site.lane(), INSTANCE, "no authority"));
    this.events = new EventRecorder(scheduling, site.lane(), "default-scheduler", INSTANCE);
    this.scheduler =
        Scheduler.start(
            SchedulerOptions.of(new LoopContext(scheduling, schedulerCaches, events, site.lane())));
  }

  static ControlPlane start(Site site, Life life) {
    return new ControlPlane(site, life);
  }

  /** A client that asks this process. */
  Client client(String manager) {
    return core.client(User.SYSTEM, manager);
  }

  @Override
  public void close() {
    scheduler.close();
    events.close();
    controllers.close();
    schedulerCaches.close();
    caches.close();
    core.close();
  }
}
