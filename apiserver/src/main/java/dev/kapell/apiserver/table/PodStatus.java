package dev.kapell.apiserver.table;

import dev.kapell.apiserver.tree.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * What a pod is doing, in one word.
 *
 * @param word for instance {@code CrashLoopBackOff} or {@code Init:0/2}
 * @param ready containers that are ready
 * @param total containers
 * @param restarts of all containers
 * @param lastRestart when the last one was, RFC 3339; empty for never
 */
record PodStatus(String word, int ready, int total, long restarts, String lastRestart) {

  static PodStatus of(Obj pod) {
    Reading reading = new Reading(pod);
    reading.initContainers();
    if (!reading.initializing || reading.holds("Initialized")) {
      reading.containers();
    }
    if (!pod.child("metadata").text("deletionTimestamp").isEmpty()) {
      if (pod.child("status").text("reason").equals("NodeLost")) {
        reading.word = "Unknown";
      } else if (!ended(pod)) {
        reading.word = "Terminating";
      }
    }
    return new PodStatus(
        reading.word, reading.ready, reading.total, reading.restarts, reading.lastRestart);
  }

  /** Whether {@code pod} has run to its end: its phase says so. */
  static boolean ended(Obj pod) {
    String phase = pod.child("status").text("phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  String restarts(Instant now) {
    if (restarts == 0 || lastRestart.isEmpty()) {
      return Long.toString(restarts);
    }
    Duration ago = Duration.between(OffsetDateTime.parse(lastRestart).toInstant(), now);
    return restarts + " (" + Age.of(ago) + " ago)";
  }

  private static final class Reading {
    private final Obj spec;
    private final Obj status;
    private String word;
    private int ready;
    private final int total;
    private long restarts;
    private String lastRestart = "";
    private long sidecarRestarts;
    private String lastSidecarRestart = "";
    private boolean initializing;

    Reading(Obj pod) {
      this.spec = pod.child("spec");
      this.status = pod.child("status");
      String phase = status.text("phase").isEmpty() ? "Unknown" : status.text("phase");
      this.word = status.text("reason").isEmpty() ? phase : status.text("reason");
      this.total =
          spec.items("containers").size()
              + (int)
                  spec.items("initContainers").stream()
                      .filter(c -> c.text("restartPolicy").equals("Always"))
                      .count();
      for (Obj condition : status.items("conditions")) {
        if (condition.text("type").equals("PodScheduled")
            && condition.text("reason").equals("SchedulingGated")) {
          word = "SchedulingGated";
        }
      }
    }

    void initContainers() {
      List<Obj> states = status.items("initContainerStatuses");
      List<Obj> specs = spec.items("initContainers");
      for (int i = 0; i < states.size(); i++) {
        Obj container = states.get(i);
        String name = container.text("name");
        boolean sidecar =
            specs.stream()
                .anyMatch(
                    each ->
                        each.text("name").equals(name)
                            && each.text("restartPolicy").equals("Always"));
        count(container);
        if (sidecar) {
          sidecarRestarts += container.number("restartCount", 0);
          lastSidecarRestart = later(lastSidecarRestart, finished(container));
        }
        Obj state = container.child("state");
        Obj terminated = state.child("terminated");
        boolean done = state.has("terminated") && terminated.number("exitCode", 0) == 0;
        if (done || (sidecar && container.flag("started"))) {
          if (sidecar && container.flag("ready")) {
            ready++;
          }
          continue;
        }
        String waiting = state.child("waiting").text("reason");
        if (state.has("terminated")) {
          word = "Init:" + ended(terminated);
        } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
          word = "Init:" + waiting;
        } else {
          word = "Init:" + i + "/" + specs.size();
        }
        initializing = true;
        return;
      }
    }

    /** From here on only what runs with the pod counts, not what had to run before. */
    void containers() {
      restarts = sidecarRestarts;
      lastRestart = lastSidecarRestart;
      boolean running = false;
      List<Obj> states = status.items("containerStatuses");
      for (int i = states.size() - 1; i >= 0; i--) {
        Obj container = states.get(i);
        count(container);
        Obj state = container.child("state");
        String waiting = state.child("waiting").text("reason");
        if (!waiting.isEmpty()) {
          word = waiting;
        } else if (state.has("terminated")) {
          word = ended(state.child("terminated"));
        } else if (container.flag("ready") && state.has("running")) {
          running = true;
          ready++;
        }
      }
      if (word.equals("Completed") && running) {
        word = holds("Ready") ? "Running" : "NotReady";
      }
    }

    private boolean holds(String condition) {
      return status.items("conditions").stream()
          .anyMatch(
              each -> each.text("type").equals(condition) && each.text("status").equals("True"));
    }

    private void count(Obj container) {
      restarts += container.number("restartCount", 0);
      lastRestart = later(lastRestart, finished(container));
    }

    private static String finished(Obj container) {
      return container.child("lastState").child("terminated").text("finishedAt");
    }

    private static String later(String one, String other) {
      return other.compareTo(one) > 0 ? other : one;
    }

    private static String ended(Obj terminated) {
      if (!terminated.text("reason").isEmpty()) {
        return terminated.text("reason");
      }
      long signal = terminated.number("signal", 0);
      return signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.number("exitCode", 0);
    }
  }
}
