package dev.kapell.app.progress;

import dev.kapell.app.tree.Tree;
import java.util.Map;

/**
 * How far a workload is, told from its object. Pure.
 *
 * @param name for instance {@code deployment/hello}
 * @param ready pods (or completions) that are there
 * @param wanted pods (or completions) that should be
 * @param done nothing is left to wait for
 * @param selector labels of its pods, as far as it names them singly; empty for none
 * @param message what the workload's own conditions complain about, empty when nothing
 * @param undone why its last rollout was undone, empty when it was not
 */
public record Workload(
    String name,
    long ready,
    long wanted,
    boolean done,
    Map<String, String> selector,
    String message,
    String undone) {
  private static final String UNDONE = "kapell.dev/rolled-back-because";

  /** The kinds that {@link #of} understands, by plural. */
  public static boolean isWorkload(String plural) {
    return switch (plural) {
      case "deployments",
          "statefulsets",
          "daemonsets",
          "replicasets",
          "replicationcontrollers",
          "pods",
          "jobs" ->
          true;
      default -> false;
    };
  }

  /** Reads {@code object}, an element of the collection {@code plural}. */
  public static Workload of(String plural, Map<String, Object> object) {
    String name =
        plural.substring(0, plural.length() - 1) + "/" + Tree.text(object, "metadata", "name");
    return switch (plural) {
      case "deployments" -> replicated(name, object, "updatedReplicas", "availableReplicas");
      case "statefulsets" -> replicated(name, object, "updatedReplicas", "readyReplicas");
      case "replicasets", "replicationcontrollers" ->
          replicated(name, object, "replicas", "readyReplicas");
      case "daemonsets" -> daemon(name, object);
      case "jobs" -> job(name, object);
      default -> pod(name, object);
    };
  }

  private static Workload replicated(
      String name, Map<String, Object> object, String updatedField, String readyField) {
    long wanted = Tree.number(object, 1, "spec", "replicas");
    long updated = Tree.number(object, 0, "status", updatedField);
    long ready = Tree.number(object, 0, "status", readyField);
    long all = Tree.number(object, 0, "status", "replicas");
    boolean done = observed(object) && updated == wanted && all == wanted && ready >= wanted;
    return new Workload(
        name,
        Math.min(ready, updated),
        wanted,
        done,
        selector(object),
        complaint(object),
        Tree.texts(object, "metadata", "annotations").getOrDefault(UNDONE, ""));
  }

  private static Workload daemon(String name, Map<String, Object> object) {
    long wanted = Tree.number(object, 0, "status", "desiredNumberScheduled");
    long ready = Tree.number(object, 0, "status", "numberAvailable");
    long updated = Tree.number(object, 0, "status", "updatedNumberScheduled");
    return new Workload(
        name,
        ready,
        wanted,
        observed(object) && updated == wanted && ready >= wanted,
        selector(object),
        "",
        "");
  }

  private static Workload job(String name, Map<String, Object> object) {
    long wanted = Tree.number(object, 1, "spec", "completions");
    long succeeded = Tree.number(object, 0, "status", "succeeded");
    boolean started = Tree.number(object, 0, "status", "active") > 0 || succeeded >= wanted;
    return new Workload(name, succeeded, wanted, started, Map.of(), complaint(object), "");
  }

  private static Workload pod(String name, Map<String, Object> object) {
    boolean succeeded = Tree.text(object, "status", "phase").equals("Succeeded");
    boolean ready = succeeded || PodState.of(object).ready();
    return new Workload(name, ready ? 1 : 0, 1, ready, Map.of(), "", "");
  }

  private static Map<String, String> selector(Map<String, Object> object) {
    Map<String, String> labels = Tree.texts(object, "spec", "selector", "matchLabels");
    return labels.isEmpty() && Tree.text(object, "kind").equals("ReplicationController")
        ? Tree.texts(object, "spec", "selector")
        : labels;
  }

  /** Whether {@code pod}'s labels say that it is one of its own. */
  boolean owns(PodState pod) {
    return !selector.isEmpty() && pod.labels().entrySet().containsAll(selector.entrySet());
  }

  private static boolean observed(Map<String, Object> object) {
    return Tree.number(object, 0, "status", "observedGeneration")
        >= Tree.number(object, 0, "metadata", "generation");
  }

  private static String complaint(Map<String, Object> object) {
    for (Object condition : Tree.list(object, "status", "conditions")) {
      String type = Tree.text(condition, "type");
      boolean is = Tree.text(condition, "status").equals("True");
      boolean stalled =
          type.equals("Progressing")
              && Tree.text(condition, "reason").equals("ProgressDeadlineExceeded");
      if (stalled || (is && (type.equals("ReplicaFailure") || type.equals("Failed")))) {
        return Tree.text(condition, "message");
      }
    }
    return "";
  }
}
