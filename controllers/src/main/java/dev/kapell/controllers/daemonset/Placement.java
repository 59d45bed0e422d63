package dev.kapell.controllers.daemonset;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.NodeSelectorRequirement;
import dev.kapell.api.core.v1.NodeSelectorTerm;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.core.v1.Toleration;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.control.match.Tolerations;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which node a daemon's pod is for, and whether it belongs there. Pure. */
final class Placement {
  private static final List<Toleration> ALWAYS =
      List.of(
          exists("node.kubernetes.io/not-ready", "NoExecute"),
          exists("node.kubernetes.io/unreachable", "NoExecute"),
          exists("node.kubernetes.io/disk-pressure", "NoSchedule"),
          exists("node.kubernetes.io/memory-pressure", "NoSchedule"),
          exists("node.kubernetes.io/pid-pressure", "NoSchedule"),
          exists("node.kubernetes.io/unschedulable", "NoSchedule"));
  private static final Toleration WITHOUT_NETWORK =
      exists("node.kubernetes.io/network-unavailable", "NoSchedule");

  private Placement() {}

  private static Toleration exists(String key, String effect) {
    return Toleration.builder().key(key).operator("Exists").effect(effect).build();
  }

  /** {@code spec} as a daemon's pod on {@code node} has it; the scheduler then binds it there. */
  static PodSpec on(PodSpec spec, String node) {
    return spec.withTolerations(tolerations(spec)).withAffinity(only(spec.affinity(), node));
  }

  private static List<Toleration> tolerations(PodSpec spec) {
    List<Toleration> all = new ArrayList<>(spec.tolerations());
    ALWAYS.stream().filter(t -> !all.contains(t)).forEach(all::add);
    if (spec.hostNetworkOr(false) && !all.contains(WITHOUT_NETWORK)) {
      all.add(WITHOUT_NETWORK);
    }
    return all;
  }

  /** Every required term, if there are any, also asks for this node. */
  private static Affinity only(@Nullable Affinity affinity, String node) {
    NodeSelectorRequirement name =
        NodeSelectorRequirement.builder()
            .key("metadata.name")
            .operator("In")
            .values(List.of(node))
            .build();
    NodeSelectorTerm term = NodeSelectorTerm.builder().matchFields(List.of(name)).build();
    Affinity base = Objects.requireNonNullElse(affinity, Affinity.EMPTY);
    NodeAffinity nodes = Objects.requireNonNullElse(base.nodeAffinity(), NodeAffinity.EMPTY);
    return base.withNodeAffinity(
        nodes.withRequiredDuringSchedulingIgnoredDuringExecution(
            NodeSelector.builder().nodeSelectorTerms(List.of(term)).build()));
  }

  /** The node of a daemon's pod, bound or not. */
  static String nodeOf(Pod pod) {
    String bound = pod.spec().nodeNameOr("");
    Affinity affinity = pod.spec().affinity();
    if (!bound.isEmpty() || affinity == null || affinity.nodeAffinity() == null) {
      return bound;
    }
    NodeSelector required =
        affinity.nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution();
    if (required == null) {
      return "";
    }
    return required.nodeSelectorTerms().stream()
        .flatMap(term -> term.matchFields().stream())
        .filter(field -> field.keyOr("").equals("metadata.name"))
        .flatMap(field -> field.values().stream())
        .findFirst()
        .orElse("");
  }

  /** Where the pods of one template belong. */
  record Fit(PodSpec spec, List<Toleration> tolerations) {
    static Fit of(PodSpec spec) {
      return new Fit(spec, Placement.tolerations(spec));
    }

    /** A new pod may go there. */
    boolean shouldRun(Node node) {
      return isSelected(node)
          && Tolerations.firstUntolerated(node.spec().taints(), tolerations).isEmpty();
    }

    /** A pod that is there may stay. */
    boolean mayStay(Node node) {
      List<Taint> evicting =
          node.spec().taints().stream().filter(t -> t.effectOr("").equals("NoExecute")).toList();
      return isSelected(node) && Tolerations.firstUntolerated(evicting, tolerations).isEmpty();
    }

    /** Apart from taints. */
    boolean isSelected(Node node) {
      String named = spec.nodeNameOr("");
      return (named.isEmpty() || named.equals(node.metadata().nameOr("")))
          && NodeSelection.allows(spec, node);
    }
  }
}
