package dev.kapell.node.plan;

/**
 * What the probes of one running container say. A probe that the container does not have counts as
 * passed.
 *
 * @param started the startup probe, or none
 * @param live the liveness probe, or none
 * @param ready the readiness probe, or none
 */
public record ProbeSeen(Result started, Result live, Result ready) {
  /** Nothing to probe: started, live and ready as soon as it runs. */
  public static final ProbeSeen NO_PROBES =
      new ProbeSeen(Result.PASSED, Result.PASSED, Result.PASSED);

  /** An outcome with its thresholds applied. */
  public enum Result {
    UNKNOWN,
    PASSED,
    FAILED
  }
}
