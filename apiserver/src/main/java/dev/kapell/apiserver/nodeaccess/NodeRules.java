package dev.kapell.apiserver.nodeaccess;

import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.request.Target;
import java.util.Map;
import java.util.Set;

/** What every node may, whichever pods it runs. */
final class NodeRules {
  private static final Set<String> READ = Set.of("get", "list", "watch");

  /** Verbs by resource. */
  private static final Map<String, Set<String>> RULES =
      Map.ofEntries(
          Map.entry("tokenreviews.authentication.k8s.io", Set.of("create")),
          Map.entry("subjectaccessreviews.authorization.k8s.io", Set.of("create")),
          Map.entry("localsubjectaccessreviews.authorization.k8s.io", Set.of("create")),
          Map.entry("services", READ),
          Map.entry("endpoints", Set.of("get")),
          // The agent is also the proxy of services.
          Map.entry("endpointslices.discovery.k8s.io", READ),
          Map.entry("events", Set.of("create", "update", "patch")),
          Map.entry("events.events.k8s.io", Set.of("create", "update", "patch")),
          Map.entry("volumeattachments.storage.k8s.io", Set.of("get")),
          Map.entry("csidrivers.storage.k8s.io", READ),
          Map.entry("runtimeclasses.node.k8s.io", READ),
          Map.entry("networkpolicies.networking.k8s.io", READ),
          Map.entry("clustertrustbundles.certificates.k8s.io", READ),
          Map.entry(
              "certificatesigningrequests.certificates.k8s.io",
              Set.of("create", "get", "list", "watch")));

  private NodeRules() {}

  static Decision decide(Action action, Target target) {
    return target.subresource().isEmpty()
            && RULES.getOrDefault(target.qualifiedResource(), Set.of()).contains(action.verb())
        ? Decision.allow("")
        : Decision.noOpinion("");
  }
}
