package dev.kapell.sim.node;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.base.Backoff;
import dev.kapell.control.loop.Plan;
import java.time.Duration;
import java.time.Instant;

/**
 * What becomes of one container of a pod. Pure; when to look again goes into the plan.
 *
 * <pre>
 *   waiting ──start──▶ running ──its program──▶ ended
 *      ▲                  │ killed, machine rebooted, another image
 *      └────back-off──────┘ unless it is not to restart
 * </pre>
 */
final class ContainerLife {
  /** From the second start again on. */
  private static final Backoff AGAIN = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));

  /** Who ran for so long is started again as if it were the first time. */
  private static final Duration LONG_RUN = Duration.ofMinutes(10);

  /** When a container is started again after its end. */
  enum Restart {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    /** As a pod or container says it. */
    static Restart of(String policy) {
      return switch (policy) {
        case "Never" -> NEVER;
        case "OnFailure" -> ON_FAILURE;
        default -> ALWAYS;
      };
    }

    boolean after(int exitCode) {
      return this == ALWAYS || (this == ON_FAILURE && exitCode != 0);
    }
  }

  /** What a container is in its pod. */
  record Role(Restart restart, Program program) {}

  private final PodLife.Seen seen;
  private final Instant now;
  private final Plan.Builder plan;

  ContainerLife(PodLife.Seen seen, Instant now, Plan.Builder plan) {
    this.seen = seen;
    this.now = now;
    this.plan = plan;
  }

  /** Its next status, which may be the one {@code before}. */
  ContainerStatus next(Container spec, ContainerStatus before, Role role) {
    if (Containers.hasEnded(before)) {
      return before;
    }
    if (!Containers.runs(before)) {
      ContainerStatus after = started(spec, before);
      return Containers.runs(after) ? running(after, role) : after;
    }
    if (Containers.startedAt(before, now).isBefore(seen.machine().bootedAt())) {
      return afterEnd(Containers.ended(before, 255, "Unknown", now), role);
    }
    if (seen.killed()) {
      return afterEnd(Containers.ended(before, 137, "OOMKilled", now), role);
    }
    if (!spec.imageOr("").equals(before.imageOr(""))) {
      // At once: a node would take a moment, in which nothing is told.
      return pulled(spec, Containers.again(Containers.ended(before, 0, "Completed", now)));
    }
    return running(before, role);
  }

  private ContainerStatus started(Container spec, ContainerStatus before) {
    Instant accepted = seen.pod().status().startTimeOr(now);
    Instant due = Containers.endedAt(before, accepted).plus(wait(before));
    if (now.isBefore(due)) {
      plan.againAfter(Duration.between(now, due));
      return before;
    }
    return pulled(spec, before);
  }

  private ContainerStatus pulled(Container spec, ContainerStatus before) {
    if (isNowhere(spec.imageOr(""))) {
      return Containers.unpulled(spec, before);
    }
    String uid = seen.pod().metadata().uidOr("");
    String id = "simulated://" + uid + "/" + spec.name() + "/" + before.restartCountOr(0);
    return Containers.running(spec, before, id, now);
  }

  /** From its end, or from the pod's beginning, to its next start. */
  private Duration wait(ContainerStatus status) {
    Duration start = seen.machine().slowed(seen.manners().startOf(seen.pod()));
    boolean ranLong = Containers.lastRun(status).compareTo(LONG_RUN) >= 0;
    Duration wait = ranLong ? Duration.ZERO : AGAIN.after(status.restartCountOr(0) - 1);
    return wait.compareTo(start) > 0 ? wait : start;
  }

  /** There is no registry; what says that it is nowhere is not found. */
  private static boolean isNowhere(String image) {
    return image.endsWith(":404")
        || image.contains("non-existent")
        || image.contains("nonexistent");
  }

  private ContainerStatus running(ContainerStatus status, Role role) {
    Program program = role.program();
    if (program.isEndless()) {
      return status;
    }
    Instant end = Containers.startedAt(status, now).plus(program.lasts());
    if (now.isBefore(end)) {
      plan.againAfter(Duration.between(now, end));
      return status;
    }
    int code = program.exitCode();
    return afterEnd(Containers.ended(status, code, code == 0 ? "Completed" : "Error", now), role);
  }

  /** It stays ended, or is started again after a while. */
  private ContainerStatus afterEnd(ContainerStatus ended, Role role) {
    return role.restart().after(Containers.exitCode(ended)) ? again(ended) : ended;
  }

  private ContainerStatus again(ContainerStatus ended) {
    ContainerStatus waiting = Containers.again(ended);
    plan.againAfter(wait(waiting));
    return waiting;
  }
}
