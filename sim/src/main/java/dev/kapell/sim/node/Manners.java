package dev.kapell.sim.node;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import java.time.Duration;
import java.util.Map;

/**
 * How long things take where a pod does not say so itself. A pod says so by annotations: {@code
 * simulation.kapell.dev/start-seconds}, {@code …/run-seconds} (then it ends) and {@code
 * …/exit-code}; or by a command that a little of a shell understands, such as {@code sleep 5} or
 * {@code exit 1}.
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
    int seconds = number(pod, "start-seconds", -1);
    return seconds < 0 ? start : Duration.ofSeconds(seconds);
  }

  /** What one of its containers does. */
  Program programOf(Pod pod, Container container) {
    boolean restarts = pod.spec().restartPolicyOr("Always").equals("Always");
    Program usual =
        Program.written(container).orElse(restarts ? Program.ENDLESS : new Program(run, 0));
    int seconds = number(pod, "run-seconds", Integer.MIN_VALUE);
    return new Program(
        seconds == Integer.MIN_VALUE ? usual.lasts() : Duration.ofSeconds(seconds),
        number(pod, "exit-code", usual.exitCode()));
  }

  private static int number(Pod pod, String name, int otherwise) {
    Map<String, String> annotations = pod.metadata().annotations();
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
