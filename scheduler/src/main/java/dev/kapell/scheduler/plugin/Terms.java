package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodAffinityTerm;
import dev.kapell.control.match.Selectors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Terms about other pods. Pure. */
final class Terms {
  private Terms() {}

  /**
   * Whether {@code term}, which stands in a pod of {@code namespace} with {@code labels}, is about
   * {@code pod}.
   */
  static boolean isAbout(
      PodAffinityTerm term, String namespace, Map<String, String> labels, Pod pod, View view) {
    return isAbout(
        term, namespace, labels, pod.metadata().namespaceOr(""), pod.metadata().labels(), view);
  }

  static boolean isAbout(
      PodAffinityTerm term,
      String namespace,
      Map<String, String> labels,
      String otherNamespace,
      Map<String, String> otherLabels,
      View view) {
    return isInNamespaces(term, namespace, otherNamespace, view)
        && Selectors.matches(term.labelSelector(), otherLabels)
        && agree(term.matchLabelKeys(), labels, otherLabels, true)
        && agree(term.mismatchLabelKeys(), labels, otherLabels, false);
  }

  /** Labels that have to be (or must not be) the same on both pods; absent ones do not count. */
  static boolean agree(
      List<String> keys, Map<String, String> labels, Map<String, String> others, boolean same) {
    for (String key : keys) {
      String own = labels.get(key);
      if (own != null && Objects.equals(own, others.get(key)) != same) {
        return false;
      }
    }
    return true;
  }

  private static boolean isInNamespaces(PodAffinityTerm term, String own, String other, View view) {
    if (term.namespaces().isEmpty() && term.namespaceSelector() == null) {
      return own.equals(other);
    }
    return term.namespaces().contains(other)
        || Selectors.matches(term.namespaceSelector(), view.namespaceLabels().apply(other));
  }

  /** The node's value of a topology key. */
  static @Nullable String domain(View view, int row, String key) {
    Node node = view.cluster().node(row);
    return node == null ? null : node.metadata().labels().get(key);
  }
}
