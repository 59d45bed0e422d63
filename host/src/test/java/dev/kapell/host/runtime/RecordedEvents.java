package dev.kapell.host.runtime;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens, remembers, and looks at the status of what has ended the moment it is told. */
final class RecordedEvents implements RuntimeListener, AutoCloseable {
  private static final int LIMIT_SECONDS = 20;

  private final ContainerRuntime runtime;
  private final AtomicInteger resyncs = new AtomicInteger();
  private final CountDownLatch resynced = new CountDownLatch(1);
  private final LinkedBlockingQueue<RuntimeEvent.Exited> exits = new LinkedBlockingQueue<>();
  private final List<String> started = new CopyOnWriteArrayList<>();
  private final Map<String, ContainerState> statesAtExit = new ConcurrentHashMap<>();
  private final ContainerRuntime.Subscription subscription;

  RecordedEvents(ContainerRuntime runtime) {
    this.runtime = runtime;
    this.subscription = runtime.subscribe(this);
  }

  @Override
  public void event(RuntimeEvent event) {
    switch (event) {
      case RuntimeEvent.Started start -> started.add(start.id());
      case RuntimeEvent.Exited exit -> {
        runtime
            .containerStatus(new ContainerId(exit.id()))
            .ifPresent(status -> statesAtExit.put(exit.id(), status.state()));
        exits.add(exit);
      }
      case RuntimeEvent.OutOfMemory ignored -> {}
    }
  }

  @Override
  public void resync(String reason) {
    resyncs.incrementAndGet();
    resynced.countDown();
  }

  void awaitResync() throws InterruptedException {
    if (!resynced.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("no resync within " + LIMIT_SECONDS + " s");
    }
  }

  RuntimeEvent.Exited awaitExit(String id) throws InterruptedException {
    while (true) {
      RuntimeEvent.Exited exit = exits.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (exit == null) {
        throw new AssertionError("no exit of " + id + " within " + LIMIT_SECONDS + " s");
      }
      if (Objects.equals(exit.id(), id)) {
        return exit;
      }
    }
  }

  int resyncs() {
    return resyncs.get();
  }

  List<String> started() {
    return started;
  }

  Map<String, ContainerState> statesAtExit() {
    return statesAtExit;
  }

  @Override
  public void close() {
    subscription.close();
  }
}
