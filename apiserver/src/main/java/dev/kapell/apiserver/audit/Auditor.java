package dev.kapell.apiserver.audit;

import dev.kapell.apiserver.metrics.Counter;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes down what the policy says. Thread-safe; a thread of its own encodes and writes.
 *
 * <p>When the disk fails, events are lost and counted, and the server serves on; the log of the
 * server says when that begins and when it ends.
 */
public final class Auditor implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  /** The log is so much behind, at most, when events come one after the other. */
  private static final Duration REST = Duration.ofMillis(10);

  private final AuditOptions options;
  private final Clock clock;
  private final AuditQueue queue;
  private final LogFile file;
  private final Counter events;
  private final Counter levels;
  private final Counter errors;
  private final TaskScope scope;
  private final Thread writer;

  /** Owned by the writer. */
  private boolean failing;

  /** Begins to write; counts in {@code meters}. */
  public Auditor(AuditOptions options, Clock clock, Meters meters) {
    this.options = options;
    this.clock = clock;
    this.queue = new AuditQueue(options.queueEvents(), options.queueBytes(), REST);
    this.file = new LogFile(options.file(), options.rotation());
    this.events = meters.counter("apiserver_audit_event_total", "Audit events generated.");
    this.levels =
        meters.counter("apiserver_audit_level_total", "Requests by their audit level.", "level");
    this.errors =
        meters.counter("apiserver_audit_error_total", "Audit events that were lost.", "plugin");
    this.scope =
        new TaskScope("audit", (task, cause) -> LOG.log(Level.ERROR, task + " failed", cause));
    this.writer = scope.startPlatform("writer", this::run);
  }

  /** The trail of a request that has just come. */
  public Trail begin(Asked asked) {
    Policy.Decision decision = options.policy().decide(asked);
    levels.increment(decision.level().word());
    if (decision.level() == dev.kapell.apiserver.audit.Level.NONE) {
      return Trail.NONE;
    }
    Trail trail = new Trail(this, asked, decision);
    trail.received();
    return trail;
  }

  Instant now() {
    return clock.now();
  }

  void write(AuditEvent event) {
    events.increment();
    if (!queue.put(event, Thread.currentThread().isVirtual())) {
      errors.increment("queue");
    }
  }

  private void run() throws InterruptedException {
    for (List<AuditEvent> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
      try {
        for (AuditEvent event : batch) {
          Optional<byte[]> line = line(event);
          if (line.isPresent()) {
            file.line(line.get(), clock.now());
          }
        }
        file.flush();
        if (failing) {
          failing = false;
          LOG.log(Level.INFO, "the audit log is written again file={0}", options.file());
        }
      } catch (IOException e) {
        errors.add(batch.size(), "log");
        reopen(e);
      }
    }
  }

  /** None for an event that our own mistake keeps from being written: the next ones must be. */
  private Optional<byte[]> line(AuditEvent event) {
    try {
      return Optional.of(EventJson.line(event));
    } catch (RuntimeException e) {
      errors.increment("encoding");
      LOG.log(
          Level.ERROR, "an audit event is lost, this is a bug id=" + event.asked().auditId(), e);
      return Optional.empty();
    }
  }

  private void reopen(IOException cause) {
    if (!failing) {
      failing = true;
      LOG.log(
          Level.ERROR,
          "the audit log cannot be written, events are lost file=" + options.file(),
          cause);
    }
    try {
      file.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing the audit log failed", e);
    }
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    queue.close();
    try {
      writer.join();
      file.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.ERROR, "closing the audit log failed file=" + options.file(), e);
    }
    scope.close();
  }
}
