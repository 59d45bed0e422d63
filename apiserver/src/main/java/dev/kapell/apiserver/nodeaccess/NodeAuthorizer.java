package dev.kapell.apiserver.nodeaccess;

import dev.kapell.api.selector.FieldQuery;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.authorization.Judge;
import dev.kapell.apiserver.references.Reference;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import java.util.Optional;
import java.util.Set;

/**
 * Decides for nodes: each may read what the pods bound to it refer to, and write what is its own.
 * Has no opinion on other users. Follows the authorization mode {@code Node} of Kubernetes.
 */
public final class NodeAuthorizer implements Judge {
  private static final Set<String> READ = Set.of("get", "list", "watch");
  private static final Set<String> CHANGE = Set.of("update", "patch");
  private static final Set<String> OWN = Set.of("get", "create", "update", "patch", "delete");

  private final NodeGraph graph;

  /** Asks {@code graph} what belongs to whom. */
  public NodeAuthorizer(NodeGraph graph) {
    this.graph = graph;
  }

  @Override
  public Optional<String> unlisted(User user) {
    return NodeUser.nameOf(user).map(_ -> "node authorizer does not support user rule resolution");
  }

  @Override
  public Decision decide(User user, Action action) {
    Optional<String> node = NodeUser.nameOf(user);
    if (node.isEmpty()) {
      return NodeUser.isNode(user)
          ? Decision.noOpinion("unknown node for user \"" + user.name() + "\"")
          : Decision.noOpinion("");
    }
    return action.target().isEmpty()
        ? Decision.noOpinion("")
        : decide(node.get(), action, action.target().get());
  }

  private Decision decide(String node, Action action, Target target) {
    return switch (target.qualifiedResource()) {
      case "secrets", "configmaps" -> read(node, action, target);
      case "persistentvolumeclaims" ->
          target.subresource().equals("status") && CHANGE.contains(action.verb())
              ? related(node, target)
              : get(node, action, target);
      case "persistentvolumes", "resourceclaims.resource.k8s.io" -> get(node, action, target);
      case "serviceaccounts" -> serviceAccount(node, action, target);
      case "pods" -> pod(node, action, target);
      case "nodes" -> node(node, action, target);
      case "leases.coordination.k8s.io" ->
          target.namespace().equals("kube-node-lease")
              ? own(node, action, target)
              : Decision.noOpinion(
                  "can only access leases in the \"kube-node-lease\" system namespace");
      case "csinodes.storage.k8s.io" -> own(node, action, target);
      case "resourceslices.resource.k8s.io" -> slice(node, action);
      default -> NodeRules.decide(action, target);
    };
  }

  /** One object, by get, or by a list or watch of its name. */
  private Decision read(String node, Action action, Target target) {
    if (!READ.contains(action.verb()) || !target.subresource().isEmpty()) {
      return Decision.noOpinion("can only read resources of this type");
    }
    return related(node, target);
  }

  private Decision get(String node, Action action, Target target) {
    if (!action.verb().equals("get") || !target.subresource().isEmpty()) {
      return Decision.noOpinion("can only get individual resources of this type");
    }
    return related(node, target);
  }

  private Decision related(String node, Target target) {
    if (target.name().isEmpty()) {
      return Decision.noOpinion("No Object name found");
    }
    return graph.leads(node, new Reference(target.resource(), target.namespace(), target.name()))
        ? Decision.allow("")
        : Decision.noOpinion("no relationship found between node '" + node + "' and this object");
  }

  private Decision serviceAccount(String node, Action action, Target target) {
    boolean token = target.subresource().equals("token") && action.verb().equals("create");
    boolean itself = target.subresource().isEmpty() && action.verb().equals("get");
    return token || itself
        ? related(node, target)
        : Decision.noOpinion(
            "only the verb 'get' is allowed and the subresource 'token' to create");
  }

  private Decision pod(String node, Action action, Target target) {
    switch (target.subresource()) {
      case "status" -> {
        return CHANGE.contains(action.verb())
            ? related(node, target)
            : Decision.noOpinion("can only update or patch the status of a pod");
      }
      case "eviction" -> {
        return action.verb().equals("create")
            ? Decision.allow("") // admission looks at the pod
            : Decision.noOpinion("can only create evictions");
      }
      case "" -> {}
      default -> {
        return Decision.noOpinion("cannot access the subresource " + target.subresource());
      }
    }
    return switch (action.verb()) {
      case "create", "delete" -> Decision.allow(""); // admission looks at the pod
      case "get" -> related(node, target);
      case "list", "watch" ->
          !target.name().isEmpty()
              ? related(node, target)
              : selects(action, "spec.nodeName", node)
                  ? Decision.allow("")
                  : Decision.noOpinion(
                      "can only list/watch pods with spec.nodeName field selector");
      default -> Decision.noOpinion("can only create, read and delete pods");
    };
  }

  private static Decision node(String node, Action action, Target target) {
    if (!target.subresource().isEmpty() && !target.subresource().equals("status")) {
      return Decision.noOpinion("cannot access the subresource " + target.subresource());
    }
    if (action.verb().equals("create")) {
      return Decision.allow(""); // admission looks at the name
    }
    if (!READ.contains(action.verb()) && !CHANGE.contains(action.verb())) {
      return Decision.noOpinion("can only create, read and change nodes");
    }
    return target.name().equals(node)
        ? Decision.allow("")
        : Decision.noOpinion(
            "node '" + node + "' cannot read '" + target.name() + "', only its own Node object");
  }

  private static Decision own(String node, Action action, Target target) {
    if (!OWN.contains(action.verb())) {
      return Decision.noOpinion("can only get, create, update, patch, or delete a node's own");
    }
    boolean unnamed = action.verb().equals("create") && target.name().isEmpty();
    return unnamed || target.name().equals(node)
        ? Decision.allow("")
        : Decision.noOpinion("can only access an object with the same name as the requesting node");
  }

  private static Decision slice(String node, Action action) {
    return switch (action.verb()) {
      case "create", "get", "update", "patch", "delete" -> Decision.allow("");
      case "list", "watch", "deletecollection" ->
          selects(action, "spec.nodeName", node)
              ? Decision.allow("")
              : Decision.noOpinion(
                  "can only list/watch/deletecollection resourceslices with nodeName field"
                      + " selector");
      default -> Decision.noOpinion("");
    };
  }

  private static boolean selects(Action action, String field, String value) {
    return action.fields().terms().contains(new FieldQuery.Term(field, true, value));
  }
}
