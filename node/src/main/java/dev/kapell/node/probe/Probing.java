package dev.kapell.node.probe;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.node.plan.ProbeSeen;
import dev.kapell.node.plan.ProbeSeen.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The probes of one running container, from {@link #start} to {@link #close}. The startup probe
 * goes first; liveness and readiness begin when it has passed.
 */
public final class Probing implements AutoCloseable {
  /** Who hears what the probes say. Called from the probes' threads; must be short. */
  public interface Listener {
    /** A result changed. */
    void changed(ProbeSeen now);

    /** One answer was bad; {@code kind} is Startup, Liveness or Readiness. */
    void unhealthy(String kind, String message);
  }

  private final Target target;
  private final Actions actions;
  private final Clock clock;
  private final Listener listener;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch startedUp = new CountDownLatch(1);
  private ProbeSeen seen;

  private Probing(Target target, Actions actions, Listener listener, ProbeSeen initial) {
    this.target = target;
    this.actions = actions;
    this.clock = actions.clock();
    this.listener = listener;
    this.seen = initial;
  }

  /** What is known of a container that has just been started. */
  public static ProbeSeen initial(Container container) {
    return new ProbeSeen(
        container.startupProbe() == null ? Result.PASSED : Result.UNKNOWN,
        Result.PASSED,
        container.readinessProbe() == null ? Result.PASSED : Result.UNKNOWN);
  }

  /** Starts probing; {@code initial} is what is already known, for a container that was adopted. */
  public static Probing start(
      Target target, Actions actions, TaskScope scope, ProbeSeen initial, Listener listener) {
    Probing probing = new Probing(target, actions, listener, initial);
    probing.begin(scope);
    return probing;
  }

  private synchronized void begin(TaskScope scope) {
    Container container = target.container();
    Probe startup = container.startupProbe();
    if (startup == null || seen.started() == Result.PASSED) {
      startedUp.countDown();
    } else {
      run(scope, "Startup", startup, seen.started());
    }
    Probe liveness = container.livenessProbe();
    if (liveness != null) {
      run(scope, "Liveness", liveness, Result.PASSED);
    }
    Probe readiness = container.readinessProbe();
    if (readiness != null) {
      run(scope, "Readiness", readiness, seen.ready());
    }
  }

  private void run(TaskScope scope, String kind, Probe probe, Result initial) {
    threads.add(
        scope.start(
            kind + " " + target.id().value(),
            () -> {
              try {
                repeat(kind, probe, new Tally(probe, initial));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed: the thread ends here
              }
            }));
  }

  private void repeat(String kind, Probe probe, Tally tally) throws InterruptedException {
    boolean startup = kind.equals("Startup");
    if (!startup) {
      startedUp.await();
    }
    clock.sleep(Duration.ofSeconds(probe.initialDelaySecondsOr(0)));
    Duration period = Duration.ofSeconds(Math.max(1, probe.periodSecondsOr(10)));
    while (!Thread.currentThread().isInterrupted()) {
      Answer answer = actions.probe(target, probe);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      if (!answer.good()) {
        listener.unhealthy(kind, answer.message());
      }
      Result before = tally.result();
      Result now = tally.count(answer.good());
      if (now != before) {
        report(kind, now);
      }
      if (startup && now != Result.UNKNOWN) {
        return;
      }
      clock.sleep(period);
    }
  }

  private void report(String kind, Result result) {
    ProbeSeen now;
    synchronized (this) {
      seen =
          switch (kind) {
            case "Startup" -> new ProbeSeen(result, seen.live(), seen.ready());
            case "Liveness" -> new ProbeSeen(seen.started(), result, seen.ready());
            default -> new ProbeSeen(seen.started(), seen.live(), result);
          };
      now = seen;
    }
    if (kind.equals("Startup") && result == Result.PASSED) {
      startedUp.countDown();
    }
    listener.changed(now);
  }

  /** Whether a container has anything to ask. */
  public static boolean wanted(Container container) {
    return first(container.startupProbe(), container.livenessProbe(), container.readinessProbe())
        != null;
  }

  private static @Nullable Probe first(@Nullable Probe a, @Nullable Probe b, @Nullable Probe c) {
    return a != null ? a : b != null ? b : c;
  }

  /** Stops asking. Does not wait for an answer on its way. */
  @Override
  public synchronized void close() {
    threads.forEach(Thread::interrupt);
  }
}
