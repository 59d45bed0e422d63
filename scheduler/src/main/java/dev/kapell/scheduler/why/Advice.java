package dev.kapell.scheduler.why;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.control.match.Tolerations;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a person can do about a reason, and how the reason reads without jargon. Keyed by the words
 * that the filters take over from Kubernetes; a reason that is not in the table speaks for itself.
 * Pure.
 */
final class Advice {
  private static final String AFFINITY =
      "change the pod's nodeAffinity, or the labels of the node that it looks at";

  /** The pod and the node that it does not fit. */
  private record Case(Demand demand, Node node) {}

  private record Row(String start, String plain, Function<Case, String> remedy) {}

  private static final List<Row> ROWS =
      List.of(
          row(
              "node(s) were unschedulable",
              "closed for new pods (cordoned)",
              c -> "open the node again: kubectl uncordon " + name(c)),
          row("node(s) had untolerated taint", "a taint keeps the pod away", Advice::tolerate),
          row("node(s) had taint", "a taint keeps the pod away", Advice::tolerate),
          row(
              "node(s) didn't match Pod's node affinity/selector",
              "not the kind of node that the pod asks for",
              Advice::label),
          row(
              "node(s) didn't match the requested node name",
              "not the node that the pod names",
              c -> "the pod names another node (spec.nodeName)"),
          row(
              "node(s) didn't have free ports",
              "a port that the pod wants of the node is taken",
              c -> "free port " + ports(c) + " of the node, or do without hostPort"),
          row(
              "node(s) had volume node affinity conflict",
              "the pod's volume cannot be reached from there",
              c -> "the pod's volume belongs to other nodes: make room there"),
          row(
              "node(s) didn't match pod topology spread constraints (missing required label)",
              "lacks the label that pods are to be spread by",
              c -> "label the node with " + spreadKeys(c)),
          row(
              "node(s) didn't match pod topology spread constraints",
              "there would be too many of these pods in one place",
              c -> "room in another " + spreadKeys(c) + ", or a larger maxSkew"),
          row(
              "node(s) didn't match pod affinity rules",
              "the pods that this one wants to be near are not there",
              c -> "the pods that podAffinity asks for have to run there first"),
          row(
              "node(s) didn't match pod anti-affinity rules",
              "pods that this one must not be near are there",
              c -> "a node without the pods that podAntiAffinity keeps apart"),
          row(
              "node(s) didn't satisfy existing pods anti-affinity rules",
              "a pod there keeps pods like this one away",
              c -> "a pod there keeps this one away by its podAntiAffinity"),
          row(
              "cannot allocate all claims",
              "devices that the pod claims are not there, or others have them",
              c ->
                  "devices there that its claims select and nobody has (kubectl get"
                      + " resourceslices,resourceclaims -A), or claims that ask for less"),
          row(
              "resourceclaim not available on the node",
              "the devices of the pod's claim cannot be reached from there",
              c -> "the devices of its claim belong to other nodes: make room there"),
          row("Too many pods", "already runs as many pods as it takes", c -> ""),
          row("Insufficient ", "too little of a resource is free", c -> ""));

  /** What the cluster's own taints mean. */
  private static final Map<String, String> CONDITIONS =
      Map.of(
          "node.kubernetes.io/unreachable", "the node does not answer",
          "node.kubernetes.io/not-ready", "the node is not ready",
          "node.kubernetes.io/memory-pressure", "the node is short of memory",
          "node.kubernetes.io/disk-pressure", "the node is short of disk",
          "node.kubernetes.io/pid-pressure", "the node has too many processes",
          "node.kubernetes.io/network-unavailable", "the node has no network yet",
          "node.kubernetes.io/unschedulable", "closed for new pods (cordoned)");

  private Advice() {}

  private static Row row(String start, String plain, Function<Case, String> remedy) {
    return new Row(start, plain, remedy);
  }

  /** The reason for people who do not know Kubernetes; as it is when there is no other way. */
  static String plain(String reason) {
    if (reason.startsWith("Insufficient ")) {
      return "not enough " + reason.substring("Insufficient ".length()) + " is free";
    }
    int brace = reason.indexOf('{');
    String detail = brace < 0 ? "" : " " + reason.substring(brace);
    String key = brace < 0 ? "" : reason.substring(brace + 1).split(":", 2)[0];
    if (CONDITIONS.containsKey(key)) {
      return CONDITIONS.getOrDefault(key, "");
    }
    return ROWS.stream()
        .filter(row -> reason.startsWith(row.start()))
        .findFirst()
        .map(row -> row.plain() + detail)
        .orElse(reason);
  }

  /** What to do so that {@code node} fits in this respect; empty when amounts say it better. */
  static String remedy(String reason, Demand demand, Node node) {
    return ROWS.stream()
        .filter(row -> reason.startsWith(row.start()))
        .findFirst()
        .map(row -> row.remedy().apply(new Case(demand, node)))
        .orElse(reason);
  }

  /** The same for resources. */
  static String remedy(Closest.Lack lack) {
    if (lack.resource().equals("pods")) {
      return "remove a pod there (it takes " + lack.total() + ")";
    }
    String less = "ask for at most " + lack.free() + " " + lack.resource();
    if (lack.isTooSmall() || lack.total().equals("0")) {
      return lack.total().equals("0")
          ? "the node has no " + lack.resource() + " at all"
          : less
              + ": the node has no more than "
              + (lack.free().equals(lack.total()) ? "that" : lack.total());
    }
    return "free "
        + lack.missing()
        + " "
        + lack.resource()
        + " there"
        + (lack.free().equals("0") ? "" : ", or " + less);
  }

  private static String tolerate(Case c) {
    Optional<Taint> first =
        Tolerations.firstUntolerated(c.node().spec().taints(), c.demand().tolerations());
    if (first.isPresent() && CONDITIONS.containsKey(first.get().keyOr(""))) {
      return "mend the node: kubectl describe node " + name(c);
    }
    return first
        .map(Advice::text)
        .map(
            taint ->
                "tolerate the taint "
                    + taint
                    + ", or remove it: kubectl taint node "
                    + name(c)
                    + " "
                    + taint
                    + "-")
        .orElse("tolerate its taint");
  }

  private static String text(Taint taint) {
    String value = taint.valueOr("");
    return taint.keyOr("") + (value.isEmpty() ? "" : "=" + value) + ":" + taint.effectOr("");
  }

  private static String label(Case c) {
    Map<String, String> missing = new TreeMap<>(c.demand().nodeSelector());
    missing
        .entrySet()
        .removeIf(e -> e.getValue().equals(c.node().metadata().labels().get(e.getKey())));
    if (missing.isEmpty()) {
      return AFFINITY;
    }
    String labels =
        missing.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" "));
    return "the pod's nodeSelector wants "
        + labels
        + ": kubectl label node "
        + name(c)
        + " "
        + labels
        + (isBarredByAffinity(c, missing) ? "; and " + AFFINITY : "");
  }

  /** Whether its affinity keeps the pod away even from a node with the labels that are missing. */
  private static boolean isBarredByAffinity(Case c, Map<String, String> missing) {
    NodeSelector required = c.demand().requiredNodes();
    Map<String, String> labels = new TreeMap<>(c.node().metadata().labels());
    labels.putAll(missing);
    Node labelled = c.node().withMetadata(c.node().metadata().withLabels(labels));
    return required != null && !NodeSelection.matches(required, labelled);
  }

  private static String ports(Case c) {
    return c.demand().ports().stream()
        .map(HostPort::port)
        .map(String::valueOf)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String spreadKeys(Case c) {
    return c.demand().spread().stream()
        .map(constraint -> constraint.topologyKeyOr(""))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String name(Case c) {
    return c.node().metadata().nameOr("");
  }
}
