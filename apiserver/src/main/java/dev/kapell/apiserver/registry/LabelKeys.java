package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code matchLabelKeys} and {@code mismatchLabelKeys} of a new pod mean by its labels,
 * written into the selectors beside them, so that it stays what it was when the labels change.
 */
final class LabelKeys {
  private LabelKeys() {}

  static void merge(Obj pod) {
    Map<String, String> labels = pod.child("metadata").strings("labels");
    Obj spec = pod.child("spec");
    spec.items("topologySpreadConstraints").forEach(constraint -> merge(constraint, labels));
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      Obj affinity = spec.child("affinity").child(kind);
      affinity
          .items("requiredDuringSchedulingIgnoredDuringExecution")
          .forEach(term -> merge(term, labels));
      affinity
          .items("preferredDuringSchedulingIgnoredDuringExecution")
          .forEach(term -> merge(term.child("podAffinityTerm"), labels));
    }
  }

  private static void merge(Obj term, Map<String, String> labels) {
    if (term.has("labelSelector")) {
      require(term, "matchLabelKeys", "In", labels);
      require(term, "mismatchLabelKeys", "NotIn", labels);
    }
  }

  private static void require(Obj term, String keys, String operator, Map<String, String> labels) {
    for (String key : term.texts(keys)) {
      String value = labels.get(key);
      if (value != null) {
        List<Object> values = new ArrayList<>(List.of(value));
        term.child("labelSelector")
            .list("matchExpressions")
            .add(Obj.tree("key", key, "operator", operator, "values", values));
      }
    }
  }
}
