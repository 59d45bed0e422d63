package dev.kapell.control.match;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.NodeSelectorRequirement;
import dev.kapell.api.core.v1.NodeSelectorTerm;
import dev.kapell.api.core.v1.PodSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Node selectors and node affinity against nodes. Pure. */
public final class NodeSelection {
  private NodeSelection() {}

  /** Whether the pod's {@code nodeSelector} and required node affinity both allow the node. */
  public static boolean allows(PodSpec spec, Node node) {
    return allows(spec.nodeSelector(), spec.affinity(), node);
  }

  /** The same from the parts. */
  public static boolean allows(
      Map<String, String> nodeSelector, @Nullable Affinity affinity, Node node) {
    if (!Selectors.includes(node.metadata().labels(), nodeSelector)) {
      return false;
    }
    NodeAffinity nodes = affinity == null ? null : affinity.nodeAffinity();
    NodeSelector required =
        nodes == null ? null : nodes.requiredDuringSchedulingIgnoredDuringExecution();
    return required == null || matches(required, node);
  }

  /** Whether any of the terms holds. */
  public static boolean matches(NodeSelector selector, Node node) {
    for (NodeSelectorTerm term : selector.nodeSelectorTerms()) {
      if (matches(term, node)) {
        return true;
      }
    }
    return false;
  }

  /** Whether all requirements of a term hold; a term without any never does. */
  public static boolean matches(NodeSelectorTerm term, Node node) {
    if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) {
      return false;
    }
    for (NodeSelectorRequirement requirement : term.matchExpressions()) {
      if (!holds(requirement, node.metadata().labels().get(requirement.keyOr("")))) {
        return false;
      }
    }
    for (NodeSelectorRequirement requirement : term.matchFields()) {
      boolean isName = requirement.keyOr("").equals("metadata.name");
      if (!holds(requirement, isName ? node.metadata().name() : null)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(NodeSelectorRequirement requirement, @Nullable String value) {
    List<String> values = requirement.values();
    return switch (requirement.operatorOr("")) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> value != null && compare(value, values) > 0;
      case "Lt" -> value != null && compare(value, values) < 0;
      default -> false;
    };
  }

  private static int compare(String value, List<String> values) {
    try {
      return values.isEmpty()
          ? 0
          : Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
    } catch (NumberFormatException e) {
      return 0; // What is no number is neither above nor below.
    }
  }
}
