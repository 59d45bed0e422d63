package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.metrics.Histogram;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures plugins under the names that kube-apiserver gives them. Thread-safe. */
public final class AdmissionMeter {
  private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1.0, 2.5};

  private final Histogram durations;
  private final Clock clock;

  /** Registers with {@code meters}. */
  public AdmissionMeter(Meters meters, Clock clock) {
    this.clock = clock;
    this.durations =
        meters.histogram(
            "apiserver_admission_controller_admission_duration_seconds",
            "Seconds that an admission plugin took for an object.",
            SECONDS,
            "name",
            "operation",
            "rejected",
            "type");
  }

  /** One plugin's distributions, by operation, for both outcomes. */
  private record Pass(
      Map<Operation, Histogram.Member> passed, Map<Operation, Histogram.Member> rejected) {}

  private Pass pass(String name, String type) {
    Map<Operation, Histogram.Member> passed = new EnumMap<>(Operation.class);
    Map<Operation, Histogram.Member> rejected = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      passed.put(operation, durations.of(name, operation.name(), "false", type));
      rejected.put(operation, durations.of(name, operation.name(), "true", type));
    }
    return new Pass(passed, rejected);
  }

  /** {@code plugin}, measured where it changes objects, as {@code name}. */
  public Admission mutating(String name, Admission plugin) {
    return new Measured(plugin, pass(name, "admit"), null, clock);
  }

  /** {@code plugin}, measured where it refuses objects, as {@code name}. */
  public Admission validating(String name, Admission plugin) {
    return new Measured(plugin, null, pass(name, "validate"), clock);
  }

  /** {@code plugin}, measured in both passes, under a name for each. */
  public Admission both(String mutating, String validating, Admission plugin) {
    return new Measured(plugin, pass(mutating, "admit"), pass(validating, "validate"), clock);
  }

  /**
   * @param admits null: that pass is not measured
   * @param validates null: that pass is not measured
   */
  private record Measured(
      Admission plugin, @Nullable Pass admits, @Nullable Pass validates, Clock clock)
      implements Admission {
    @Override
    public void admit(Attempt attempt, Obj object) {
      if (admits == null) {
        plugin.admit(attempt, object);
        return;
      }
      long began = clock.nanoTime();
      boolean passed = false;
      try {
        plugin.admit(attempt, object);
        passed = true;
      } finally {
        note(admits, attempt, passed, began);
      }
    }

    @Override
    public void validate(Attempt attempt, Obj object) {
      if (validates == null) {
        plugin.validate(attempt, object);
        return;
      }
      long began = clock.nanoTime();
      boolean passed = false;
      try {
        plugin.validate(attempt, object);
        passed = true;
      } finally {
        note(validates, attempt, passed, began);
      }
    }

    private void note(Pass pass, Attempt attempt, boolean passed, long began) {
      Histogram.Member member = (passed ? pass.passed() : pass.rejected()).get(attempt.operation());
      if (member != null) {
        member.observe((clock.nanoTime() - began) / 1e9);
      }
    }
  }
}
