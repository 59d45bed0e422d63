package dev.kapell.compose;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.compose.file.ComposeFile.Condition;
import java.time.Duration;
import java.util.List;

/**
 * What has to be so before a service starts.
 *
 * @param service whose pods are asked
 * @param condition what is asked of them
 * @param pods how many there have to be
 * @param patience how long they may take, from when they run, before they count as failed
 * @param required whether a failure keeps the service from starting
 */
public record Requirement(
    String service, Condition condition, int pods, Duration patience, boolean required) {

  /** How far it is. */
  public sealed interface State {
    /** It is so. */
    record Met() implements State {}

    /** Not yet; {@code reason} for a person. */
    record Waiting(String reason) implements State {}

    /** It will not be so; {@code reason} for a person. */
    record Failed(String reason) implements State {}
  }

  /**
   * Judges the pods of the service (label {@link ComposeProject#SERVICE_LABEL}). Patience is the
   * caller's to watch.
   */
  public State judge(List<Pod> found) {
    int met = 0;
    for (Pod pod : found) {
      String phase = pod.status().phaseOr("Pending");
      String name = pod.metadata().nameOr("");
      boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
      switch (condition) {
        case STARTED -> met += phase.equals("Running") || ended ? 1 : 0;
        case HEALTHY -> {
          if (ended) {
            return new State.Failed(name + " ended before it was healthy");
          }
          met += isReady(pod) ? 1 : 0;
        }
        case COMPLETED -> {
          if (phase.equals("Failed")) {
            return new State.Failed(name + " failed");
          }
          met += phase.equals("Succeeded") ? 1 : 0;
        }
      }
    }
    return met >= pods
        ? new State.Met()
        : new State.Waiting(service + ": " + met + " of " + pods + " " + word());
  }

  private String word() {
    return switch (condition) {
      case STARTED -> "started";
      case HEALTHY -> "healthy";
      case COMPLETED -> "completed";
    };
  }

  private static boolean isReady(Pod pod) {
    for (PodCondition each : pod.status().conditions()) {
      if (each.typeOr("").equals("Ready")) {
        return each.statusOr("").equals("True");
      }
    }
    return false;
  }
}
