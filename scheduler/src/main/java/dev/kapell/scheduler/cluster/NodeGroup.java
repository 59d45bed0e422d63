package dev.kapell.scheduler.cluster;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.Toleration;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.control.match.Selectors;
import dev.kapell.control.match.Tolerations;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes on which pods are counted.
 *
 * @param labels they have labels by all these names
 * @param selector they have these labels
 * @param required one of these terms holds; absent: nothing is required
 * @param tolerations their taints are tolerated by these; absent: taints do not matter
 */
public record NodeGroup(
    List<String> labels,
    Map<String, String> selector,
    @Nullable NodeSelector required,
    @Nullable List<Toleration> tolerations) {
  /** Every node. */
  public static final NodeGroup ALL = new NodeGroup(List.of(), Map.of(), null, null);

  boolean includes(Node node) {
    Map<String, String> own = node.metadata().labels();
    return own.keySet().containsAll(labels)
        && Selectors.includes(own, selector)
        && (required == null || NodeSelection.matches(required, node))
        && (tolerations == null
            || Tolerations.firstUntolerated(node.spec().taints(), tolerations).isEmpty());
  }
}
