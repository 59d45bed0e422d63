package dev.kapell.apiserver.webhook;

import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.metrics.Counter;
import dev.kapell.apiserver.metrics.Elsewhere;
import dev.kapell.apiserver.metrics.Histogram;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.base.Clock;

/** Counts calls of webhooks under the names that kube-apiserver gives them. Thread-safe. */
public final class HookMeter {
  private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 10, 25};
  private static final String PREFIX = "apiserver_admission_webhook_";

  private final Clock clock;
  private final Histogram durations;
  private final Counter requests;
  private final Counter rejections;
  private final Counter failedOpen;

  /** Registers with {@code meters}. */
  public HookMeter(Meters meters, Clock clock) {
    this.clock = clock;
    this.durations =
        meters.histogram(
            PREFIX + "admission_duration_seconds",
            "Seconds that a webhook took.",
            SECONDS,
            "name",
            "operation",
            "rejected",
            "type");
    this.requests =
        meters.counter(
            PREFIX + "request_total",
            "Calls of a webhook, by the code of what came of them.",
            "code",
            "name",
            "operation",
            "rejected",
            "type");
    this.rejections =
        meters.counter(
            PREFIX + "rejection_count",
            "Writes that a webhook refused, or that fell with it.",
            "error_type",
            "name",
            "operation",
            "rejection_code",
            "type");
    this.failedOpen =
        meters.counter(
            PREFIX + "fail_open_count",
            "Writes that passed although a webhook gave no answer.",
            "name",
            "type");
  }

  /** Runs {@code hooks}, whose time is not the server's own. */
  void during(Runnable hooks) {
    long began = clock.nanoTime();
    try {
      hooks.run();
    } finally {
      Elsewhere.spent(clock.nanoTime() - began);
    }
  }

  /** A call begins. */
  Call begin(Hook hook, Operation operation, boolean mutating) {
    return new Call(hook.name(), operation.name(), mutating ? "admit" : "validating");
  }

  /** One call on its way; for one thread, which tells once how it ended. */
  final class Call {
    private final String name;
    private final String operation;
    private final String type;
    private final long began = clock.nanoTime();

    Call(String name, String operation, String type) {
      this.name = name;
      this.operation = operation;
      this.type = type;
    }

    void allowed() {
      ended(200, false);
    }

    /** The webhook said no. */
    void refused(int code) {
      ended(code, true);
      rejections.increment("no_error", name, operation, Integer.toString(code), type);
    }

    /** It gave no answer that can be used. */
    void unanswered(boolean open) {
      ended(500, !open);
      if (open) {
        failedOpen.increment(name, type);
      } else {
        rejections.increment("calling_webhook_error", name, operation, "0", type);
      }
    }

    private void ended(int code, boolean rejected) {
      String no = Boolean.toString(rejected);
      durations.observe((clock.nanoTime() - began) / 1e9, name, operation, no, type);
      requests.increment(Integer.toString(code), name, operation, no, type);
    }
  }
}
