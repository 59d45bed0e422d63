package dev.kapell.app.progress;

import dev.kapell.app.tree.Tree;
import java.util.Map;
import java.util.Set;

/**
 * What a pod is waiting for, told from its object. Pure.
 *
 * @param name the pod
 * @param labels the pod's
 * @param ready it serves
 * @param waitingFor a few words for a person, empty when it waits for nothing
 * @param stuck waiting alone will hardly help
 */
public record PodState(
    String name, Map<String, String> labels, boolean ready, String waitingFor, boolean stuck) {
  private static final String ENDING = "ending";
  private static final Set<String> STUCK =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  /** It waits, and not for its end. */
  boolean isStarting() {
    return !waitingFor.isEmpty() && !waitingFor.equals(ENDING) && !stuck;
  }

  private PodState(String name, boolean ready, String waitingFor, boolean stuck) {
    this(name, Map.of(), ready, waitingFor, stuck);
  }

  /** Reads a pod. */
  public static PodState of(Map<String, Object> pod) {
    PodState state = state(pod);
    return new PodState(
        state.name,
        Tree.texts(pod, "metadata", "labels"),
        state.ready,
        state.waitingFor,
        state.stuck);
  }

  private static PodState state(Map<String, Object> pod) {
    String name = Tree.text(pod, "metadata", "name");
    if (condition(pod, "Ready", "True")) {
      return new PodState(name, true, "", false);
    }
    if (!Tree.text(pod, "metadata", "deletionTimestamp").isEmpty()) {
      return new PodState(name, false, ENDING, false);
    }
    String phase = Tree.text(pod, "status", "phase");
    if (phase.equals("Succeeded")) {
      return new PodState(name, false, "", false);
    }
    if (phase.equals("Failed")) {
      return new PodState(name, false, words("failed", Tree.text(pod, "status", "message")), true);
    }
    for (Object condition : Tree.list(pod, "status", "conditions")) {
      if (Tree.text(condition, "type").equals("PodScheduled")
          && Tree.text(condition, "status").equals("False")) {
        return new PodState(name, false, "a node: " + Tree.text(condition, "message"), false);
      }
    }
    if (Tree.text(pod, "spec", "nodeName").isEmpty()) {
      return new PodState(name, false, "the scheduler", false);
    }
    return containers(name, pod);
  }

  private static PodState containers(String name, Map<String, Object> pod) {
    for (String field : new String[] {"initContainerStatuses", "containerStatuses"}) {
      for (Object status : Tree.list(pod, "status", field)) {
        String reason = Tree.text(status, "state", "waiting", "reason");
        String container = Tree.text(status, "name");
        boolean init = field.startsWith("init");
        boolean running = Tree.at(status, "state", "running") != null;
        if (init && running && stays(pod, container)) {
          if (Boolean.FALSE.equals(Tree.at(status, "started"))) {
            return new PodState(name, false, container + " to start", false);
          }
          continue;
        }
        if (STUCK.contains(reason)) {
          String message = Tree.text(status, "state", "waiting", "message");
          return new PodState(name, false, container + ": " + words(reason, message), true);
        }
        if (!reason.isEmpty() && !reason.equals("PodInitializing")) {
          return new PodState(name, false, container + ": " + reason, false);
        }
        if (init && running) {
          return new PodState(name, false, "init container " + container, false);
        }
        if (running && !Boolean.TRUE.equals(Tree.at(status, "ready"))) {
          return new PodState(name, false, container + " to become ready", false);
        }
      }
    }
    return new PodState(name, false, "its containers to start", false);
  }

  /** An init container that runs beside the main ones: nobody waits for its end. */
  private static boolean stays(Map<String, Object> pod, String name) {
    return Tree.list(pod, "spec", "initContainers").stream()
        .anyMatch(
            init ->
                Tree.text(init, "name").equals(name)
                    && Tree.text(init, "restartPolicy").equals("Always"));
  }

  private static boolean condition(Map<String, Object> pod, String type, String status) {
    for (Object condition : Tree.list(pod, "status", "conditions")) {
      if (Tree.text(condition, "type").equals(type)) {
        return Tree.text(condition, "status").equals(status);
      }
    }
    return false;
  }

  private static String words(String reason, String message) {
    return message.isEmpty() ? reason : reason + ": " + message;
  }
}
