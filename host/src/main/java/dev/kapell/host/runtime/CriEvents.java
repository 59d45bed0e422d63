package dev.kapell.host.runtime;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.kapell.base.Backoff;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.host.runtime.containerd.Envelope;
import dev.kapell.host.runtime.containerd.EventsGrpc;
import dev.kapell.host.runtime.containerd.SubscribeRequest;
import dev.kapell.host.runtime.containerd.TaskExit;
import dev.kapell.host.runtime.containerd.TaskOOM;
import dev.kapell.host.runtime.containerd.TaskStart;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The subscription to containerd's events. One virtual thread reads the stream; a further one for
 * each exit waits until CRI knows of it too (containerd tells the exit some 0.1 s before CRI's
 * status changes). A lock keeps the listener's calls one at a time.
 *
 * <pre>
 *            ┌── stream ended, after a wait ──┐
 *   connect ─┴▶ subscribe ─▶ resync ─▶ events ┘    UNIMPLEMENTED: resync every second
 * </pre>
 */
final class CriEvents implements ContainerRuntime.Subscription {
  private static final System.Logger LOG = System.getLogger("kapell.host");
  private static final String FILTER = "namespace==k8s.io,topic~=\"/tasks/(exit|oom|start)\"";
  private static final Backoff RECONNECT =
      new Backoff(Duration.ofMillis(20), Duration.ofSeconds(2));
  private static final Backoff CONFIRM = new Backoff(Duration.ofMillis(5), Duration.ofMillis(40));
  private static final int CONFIRM_TRIES = 250;
  private static final Duration RELIST = Duration.ofSeconds(1);

  private final ContainerRuntime runtime;
  private final CriConnection connection;
  private final Clock clock;
  private final RuntimeListener listener;
  private final ReentrantLock delivering = new ReentrantLock();
  private final TaskScope scope =
      new TaskScope(
          "runtime-events",
          (task, cause) ->
              LOG.log(System.Logger.Level.ERROR, "event=task-failed task=" + task, cause));
  private final Context.CancellableContext streaming = Context.ROOT.withCancellation();
  private volatile boolean closed;

  CriEvents(
      ContainerRuntime runtime, CriConnection connection, Clock clock, RuntimeListener listener) {
    this.runtime = runtime;
    this.connection = connection;
    this.clock = clock;
    this.listener = listener;
    scope.start("stream", this::run);
  }

  private void run() throws InterruptedException {
    int failures = 0;
    while (!closed) {
      String reason;
      try {
        reason = stream();
        failures = 0;
      } catch (RuntimeFailure e) {
        reason = String.valueOf(e.getMessage());
        failures++;
        if (e.is(RuntimeFailure.Kind.UNSUPPORTED)) {
          relistForEver();
        }
      }
      if (!closed) {
        LOG.log(System.Logger.Level.WARNING, "event=runtime-events-lost reason=\"" + reason + "\"");
        clock.sleep(RECONNECT.after(failures + 1));
      }
    }
  }

  /** A runtime without containerd's events: nothing is left but to look. */
  private void relistForEver() throws InterruptedException {
    while (!closed) {
      deliver(() -> listener.resync("this runtime tells no events"));
      clock.sleep(RELIST);
    }
  }

  /** Reads events until the stream ends; says why it did. */
  private String stream() {
    connection.connected();
    Context before = streaming.attach();
    try {
      Iterator<Envelope> events =
          EventsGrpc.newBlockingStub(connection.channel())
              .subscribe(SubscribeRequest.newBuilder().addFilters(FILTER).build());
      // The stream is silent until the first event; an answered call behind it on the same
      // connection is the nearest there is to knowing that it stands.
      runtime.version();
      deliver(() -> listener.resync("subscribed"));
      while (events.hasNext()) {
        accept(events.next());
      }
      return "the runtime ended the stream";
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        throw CriFailures.translate("events", e);
      }
      return String.valueOf(e.getMessage());
    } finally {
      streaming.detach(before);
    }
  }

  private void accept(Envelope envelope) {
    ByteString payload = envelope.getEvent().getValue();
    try {
      switch (envelope.getTopic()) {
        case "/tasks/start" -> {
          String id = TaskStart.parseFrom(payload).getContainerId();
          deliver(() -> listener.event(new RuntimeEvent.Started(id)));
        }
        case "/tasks/oom" -> {
          String id = TaskOOM.parseFrom(payload).getContainerId();
          deliver(() -> listener.event(new RuntimeEvent.OutOfMemory(id)));
        }
        case "/tasks/exit" -> exited(TaskExit.parseFrom(payload));
        default -> {
          // The filter lets nothing else through.
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new RuntimeFailure(
          RuntimeFailure.Kind.OTHER, "cannot read an event of " + envelope.getTopic(), e);
    }
  }

  private void exited(TaskExit exit) {
    if (!exit.getId().equals(exit.getContainerId())) {
      return; // An exec session ended, not the container.
    }
    Timestamp at = exit.getExitedAt();
    RuntimeEvent event =
        new RuntimeEvent.Exited(
            exit.getContainerId(),
            exit.getExitStatus(),
            Instant.ofEpochSecond(at.getSeconds(), at.getNanos()));
    scope.start(
        "exit",
        () -> {
          awaitKnown(exit.getContainerId());
          deliver(() -> listener.event(event));
        });
  }

  /**
   * Returns when CRI says that the container or sandbox has ended or is gone; in the end anyway.
   */
  private void awaitKnown(String id) throws InterruptedException {
    for (int tries = 1; tries <= CONFIRM_TRIES && !closed; tries++) {
      try {
        if (hasEnded(id)) {
          return;
        }
      } catch (RuntimeFailure e) {
        LOG.log(
            System.Logger.Level.DEBUG, "event=exit-unconfirmed id=" + id + " " + e.getMessage());
      }
      clock.sleep(CONFIRM.after(tries));
    }
  }

  private boolean hasEnded(String id) {
    Optional<ContainerStatus> container = runtime.containerStatus(new ContainerId(id));
    if (container.isPresent()) {
      ContainerState state = container.get().state();
      return state == ContainerState.EXITED || state == ContainerState.UNKNOWN;
    }
    return runtime.sandboxStatus(new SandboxId(id)).map(sandbox -> !sandbox.ready()).orElse(true);
  }

  private void deliver(Runnable delivery) {
    delivering.lock();
    try {
      if (!closed) {
        delivery.run();
      }
    } catch (RuntimeException e) {
      // One listener's mistake must not end the stream for all that comes.
      LOG.log(System.Logger.Level.ERROR, "event=runtime-listener-failed", e);
    } finally {
      delivering.unlock();
    }
  }

  @Override
  public void close() {
    delivering.lock(); // A delivery under way ends first.
    try {
      closed = true;
    } finally {
      delivering.unlock();
    }
    streaming.cancel(null);
    scope.close();
  }
}
