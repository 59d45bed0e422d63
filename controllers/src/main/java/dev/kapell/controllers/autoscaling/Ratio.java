package dev.kapell.controllers.autoscaling;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * From how much is used to how many replicas are needed (reference: HorizontalPodAutoscaler,
 * algorithm details). Pure.
 *
 * @param current replicas that are wanted now
 * @param tolerance how near to the target is near enough
 */
record Ratio(int current, Tolerance tolerance) {
  private static final Sample NOTHING = new Sample(0, Instant.EPOCH, Duration.ZERO);

  /**
   * The replicas for pods of which some are measured. Those that are not count, when others use
   * less than the target, as using {@code assumed}, and when they use more, as using nothing; those
   * that are not ready as using nothing, when others use more.
   *
   * @param usage the use of some pods as a multiple of the target
   */
  int replicas(
      MeasuredPods pods,
      Function<Map<String, Sample>, Double> usage,
      Function<String, Long> assumed) {
    double ratio = usage.apply(pods.samples());
    boolean countUnready = !pods.unready().isEmpty() && ratio > 1.0;
    if (!countUnready && pods.missing().isEmpty()) {
      return tolerance.covers(ratio) ? current : ceil(ratio * pods.samples().size());
    }
    Map<String, Sample> all = new LinkedHashMap<>(pods.samples());
    if (ratio < 1.0) {
      pods.missing().forEach(name -> all.put(name, sample(assumed.apply(name))));
    } else if (ratio > 1.0) {
      pods.missing().forEach(name -> all.put(name, NOTHING));
    }
    if (countUnready) {
      pods.unready().forEach(name -> all.put(name, NOTHING));
    }
    double again = usage.apply(all);
    boolean turned = (ratio < 1.0 && again > 1.0) || (ratio > 1.0 && again < 1.0);
    if (tolerance.covers(again) || turned) {
      return current;
    }
    int replicas = ceil(again * all.size());
    boolean wrongWay = (again < 1.0 && replicas > current) || (again > 1.0 && replicas < current);
    return wrongWay ? current : replicas;
  }

  /**
   * The replicas for one value that all share.
   *
   * @param ready pods that share it
   */
  int replicas(double ratio, int ready) {
    if (current == 0) {
      return ceil(ratio);
    }
    return tolerance.covers(ratio) ? current : ceil(ratio * ready);
  }

  /**
   * The replicas for one value of which each pod should have {@code target}.
   *
   * @param running pods that share it now
   */
  int replicasForEach(long total, long target, int running) {
    double ratio = running == 0 ? Double.MAX_VALUE : (double) total / ((double) target * running);
    return running != 0 && tolerance.covers(ratio) ? running : ceil((double) total / target);
  }

  private static Sample sample(long milli) {
    return new Sample(milli, Instant.EPOCH, Duration.ZERO);
  }

  /** The API takes no larger number. */
  static int ceil(double replicas) {
    return (int) Math.min(Integer.MAX_VALUE, Math.ceil(replicas));
  }
}
