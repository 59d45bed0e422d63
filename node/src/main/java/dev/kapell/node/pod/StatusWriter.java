package dev.kapell.node.pod;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.Preconditions;
import dev.kapell.base.Backoff;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Brings one pod's status to the API: the latest only, on a thread of its own, so that a slow or
 * absent server holds up no container.
 */
final class StatusWriter {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final PodRoom room;
  private final PodMemory memory;
  private final Runnable replan;
  private final Signal signal = new Signal();
  private @Nullable PodStatus wanted;
  private @Nullable PodStatus sent;
  private @Nullable PodStatus answered;
  private boolean deleting;
  private final CompletableFuture<Void> told = new CompletableFuture<>();

  StatusWriter(PodRoom room, PodMemory memory, Runnable replan) {
    this.room = room;
    this.memory = memory;
    this.replan = replan;
  }

  /** What the status should be now. */
  void offer(PodStatus status) {
    synchronized (this) {
      wanted = status;
    }
    signal.raise();
  }

  /** Done once the API has the first status that was offered. */
  CompletableFuture<Void> told() {
    return told;
  }

  /** After the last status has been written, deletes the pod from the API. */
  void delete() {
    synchronized (this) {
      deleting = true;
    }
    signal.raise();
  }

  /** Writes until interrupted. */
  void run() throws InterruptedException {
    int failures = 0;
    while (true) {
      signal.await();
      try {
        writeAll();
        failures = 0;
      } catch (ApiFailure | dev.kapell.client.http.UnreachableException e) {
        failures++;
        LOG.log(
            System.Logger.Level.DEBUG,
            "status not written object={0} cause={1}",
            key(),
            e.getMessage());
        room.clock().sleep(RETRY.after(failures));
        signal.raise();
      }
    }
  }

  private void writeAll() {
    PodStatus status;
    boolean last;
    synchronized (this) {
      status = wanted;
      last = deleting;
    }
    if (status != null && memory.listed() && write(status)) {
      told.complete(null);
    }
    if (last && memory.listed()) {
      delete(memory.pod());
    }
  }

  /** False when somebody else wrote meanwhile. */
  private boolean write(PodStatus status) {
    Pod base = memory.pod();
    boolean known = status.equals(sent) && base.status().equals(answered);
    if (status.equals(base.status()) || known) {
      return true;
    }
    try {
      Pod stored = room.client().updateStatus(Types.POD, base.withStatus(status));
      sent = status;
      answered = stored.status();
      memory.pod(stored);
      return true;
    } catch (ApiFailure e) {
      if (!e.isConflict() && !e.isNotFound()) {
        throw e;
      }
      refresh(base);
      return false;
    }
  }

  /** Somebody else wrote; the plan is made anew on what they wrote. */
  private void refresh(Pod base) {
    Optional<Pod> fresh = room.client().find(Types.POD, key());
    if (fresh.isPresent() && fresh.get().metadata().uidOr("").equals(base.metadata().uidOr(""))) {
      memory.pod(fresh.get());
    } else {
      memory.gone();
    }
    replan.run();
  }

  private void delete(Pod pod) {
    try {
      DeleteOptions now =
          DeleteOptions.builder()
              .gracePeriodSeconds(0L)
              .preconditions(Preconditions.builder().uid(pod.metadata().uid()).build())
              .build();
      room.client().delete(Types.POD, key(), now);
      LOG.log(System.Logger.Level.INFO, "pod gone object={0}", key());
    } catch (ApiFailure e) {
      if (!e.isNotFound() && e.code() != 409) {
        throw e;
      }
      if (e.code() == 409
          && room.client()
              .find(Types.POD, key())
              .filter(p -> p.metadata().uidOr("").equals(pod.metadata().uidOr("")))
              .isPresent()) {
        throw e;
      }
    }
    memory.gone();
    replan.run();
  }

  private ObjectKey key() {
    return ObjectKey.of(memory.pod());
  }
}
