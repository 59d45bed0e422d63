package dev.kapell.sim.node;

import dev.kapell.api.core.v1.Pod;
import java.time.Duration;
import java.util.Map;

/**
 * How long things take where a pod does not say so itself. A pod says so by annotations: {@code
 * simulation.kapell.dev/start-seconds}, {@code …/run-seconds} (then it ends) and {@code
 * …/exit-code}.
 *
 * @param start from a pod's binding to its readiness
 * @param stop from the wish that it end to its end; never longer than its grace period
 * @param run how long a pod runs that does not restart for ever
 */
public record Manners(Duration start, Duration stop, Duration run) {
  /** Two seconds to start, one to stop, ten to do a job. */
  public static final Manners DEFAULT =
      new Manners(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10));

  private static final String PREFIX = "simulation.kapell.dev/";

  Duration startOf(Pod pod) {
    return seconds(pod, "start-seconds", start);
  }

  /** How long its containers run; negative: for ever. */
  Duration runOf(Pod pod) {
    boolean endless = pod.spec().restartPolicyOr("Always").equals("Always");
    return seconds(pod, "run-seconds", endless ? Duration.ofSeconds(-1) : run);
  }

  static int exitCodeOf(Pod pod) {
    return number(pod.metadata().annotations(), "exit-code", 0);
  }

  private static Duration seconds(Pod pod, String name, Duration otherwise) {
    int seconds = number(pod.metadata().annotations(), name, Integer.MIN_VALUE);
    return seconds == Integer.MIN_VALUE ? otherwise : Duration.ofSeconds(seconds);
  }

  private static int number(Map<String, String> annotations, String name, int otherwise) {
    String text = annotations.get(PREFIX + name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return otherwise; // written by a person; the simulation goes on with the usual
    }
  }
}
