package dev.kapell.controllers.deployment;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The annotations that number a Deployment's ReplicaSets and note what they were scaled for. Pure.
 */
final class Revisions {
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  static final String MOST = "deployment.kubernetes.io/max-replicas";

  /** What a ReplicaSet does not take over from its Deployment. */
  private static final Set<String> OWN =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          Undo.ASKED,
          Undo.TO,
          Undo.BECAUSE,
          REVISION,
          HISTORY,
          DESIRED,
          MOST);

  /** What a Deployment keeps when it gets an earlier template back. */
  private static final Set<String> STAYS =
      Set.of("kubectl.kubernetes.io/last-applied-configuration", REVISION, Undo.WANTED);

  private Revisions() {}

  static long of(ReplicaSet set) {
    return number(set.metadata().annotations().get(REVISION));
  }

  static long next(List<ReplicaSet> old) {
    return old.stream().mapToLong(Revisions::of).max().orElse(0) + 1;
  }

  /** The annotations of a new ReplicaSet. */
  static Map<String, String> fresh(Deployment deployment, long revision, Limits limits) {
    Map<String, String> annotations = inherited(deployment, Map.of());
    annotations.put(REVISION, Long.toString(revision));
    annotations.putAll(scale(limits));
    return annotations;
  }

  /** The annotations of the ReplicaSet that is (again) the current one. */
  static Map<String, String> current(Deployment deployment, ReplicaSet set, long revision) {
    Map<String, String> before = set.metadata().annotations();
    Map<String, String> annotations = inherited(deployment, before);
    long known = number(before.get(REVISION));
    if (known < revision) {
      annotations.put(REVISION, Long.toString(revision));
      if (known > 0) {
        String history = before.getOrDefault(HISTORY, "");
        annotations.put(HISTORY, history.isEmpty() ? "" + known : history + "," + known);
      }
    }
    return annotations;
  }

  /** The annotations of a Deployment that gets the template of {@code set} back. */
  static Map<String, String> restored(Deployment deployment, ReplicaSet set) {
    Map<String, String> before = deployment.metadata().annotations();
    Map<String, String> annotations = new LinkedHashMap<>(before);
    annotations.keySet().removeIf(key -> !STAYS.contains(key));
    set.metadata()
        .annotations()
        .forEach(
            (key, value) -> {
              if (!OWN.contains(key) && !key.equals(Undo.PROVEN)) {
                annotations.putIfAbsent(key, value);
              }
            });
    return annotations;
  }

  /** What a scaled ReplicaSet notes, so that a later resize can keep the proportions. */
  static Map<String, String> scale(Limits limits) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(DESIRED, Integer.toString(limits.replicas()));
    annotations.put(MOST, Integer.toString(limits.most()));
    return annotations;
  }

  /** The number of replicas that the Deployment wanted when this was scaled; -1 when not noted. */
  static int desired(ReplicaSet set) {
    return count(set, DESIRED);
  }

  /** The most pods that were allowed when this was scaled; -1 when not noted. */
  static int most(ReplicaSet set) {
    return count(set, MOST);
  }

  private static int count(ReplicaSet set, String annotation) {
    String text = set.metadata().annotations().get(annotation);
    return text == null ? -1 : (int) number(text);
  }

  private static Map<String, String> inherited(Deployment deployment, Map<String, String> before) {
    Map<String, String> annotations = new LinkedHashMap<>(before);
    deployment
        .metadata()
        .annotations()
        .forEach(
            (key, value) -> {
              if (!OWN.contains(key)) {
                annotations.put(key, value);
              }
            });
    return annotations;
  }

  static long number(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0; // Somebody edited the annotation; the next revision is counted from the others.
    }
  }
}
