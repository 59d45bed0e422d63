package dev.kapell.apiserver.nodeaccess;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.references.PodReferences;
import dev.kapell.apiserver.references.Reference;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at what nodes write: a node changes itself and its own pods only. Follows the admission
 * plugin {@code NodeRestriction} of Kubernetes.
 */
public final class NodeRestriction implements Admission {
  /** What {@code pods} of a node may not refer to when the node itself creates them. */
  private static final Map<String, String> NOT_IN_MIRRORS =
      Map.of(
          "serviceaccounts", "a service account",
          "secrets", "secrets",
          "configmaps", "configmaps",
          "persistentvolumeclaims", "persistentvolumeclaims",
          "resourceclaims", "resource claims");

  /** One write of one node. */
  private record Write(Attempt attempt, String node, Obj object) {
    RuntimeException refused(String why) {
      String name = object.child("metadata").text("name");
      return Failures.forbidden(
          attempt.resource(), name.isEmpty() ? attempt.request().target().name() : name, why);
    }

    String name() {
      return object.child("metadata").text("name");
    }

    String quoted() {
      return "node \"" + node + "\"";
    }
  }

  @Override
  public void validate(Attempt attempt, Obj object) {
    if (!NodeUser.isNode(attempt.request().user())) {
      return;
    }
    Optional<String> node = NodeUser.nameOf(attempt.request().user());
    if (node.isEmpty()) {
      throw Failures.forbidden(
          attempt.resource(),
          attempt.request().target().name(),
          "could not determine node from user \"" + attempt.request().user().name() + "\"");
    }
    Write write = new Write(attempt, node.get(), object);
    switch (attempt.resource().qualifiedName()) {
      case "pods" -> pod(write);
      case "nodes" -> node(write);
      case "persistentvolumeclaims" -> claim(write);
      case "serviceaccounts" -> token(write);
      case "leases.coordination.k8s.io" -> lease(write);
      case "csinodes.storage.k8s.io" -> {
        if (!write.name().equals(write.node())) {
          throw write.refused("can only access CSINode with the same name as the requesting node");
        }
      }
      case "resourceslices.resource.k8s.io" -> slice(write);
      default -> {}
    }
  }

  /** Which node a slice is of cannot change. */
  private static void slice(Write write) {
    Operation operation = write.attempt().operation();
    boolean own = write.object().child("spec").text("nodeName").equals(write.node());
    if (!own && (operation == Operation.CREATE || operation == Operation.DELETE)) {
      throw write.refused(
          "can only "
              + (operation == Operation.CREATE ? "create" : "delete")
              + " ResourceSlice with the same NodeName as the requesting node");
    }
    if (!own) {
      throw write.refused(
          "can only update ResourceSlice with the same NodeName as the requesting node");
    }
  }

  private static void pod(Write write) {
    Attempt attempt = write.attempt();
    switch (attempt.subresource()) {
      case "" -> {
        switch (attempt.operation()) {
          case CREATE -> mirror(write);
          case DELETE -> requireOwn(write, write.object(), "delete pods");
          case UPDATE, CONNECT ->
              throw write.refused(
                  "unexpected operation \""
                      + attempt.operation()
                      + "\", "
                      + write.quoted()
                      + " can only create and delete mirror pods");
        }
      }
      case "status" -> podStatus(write);
      case "eviction" -> {
        String path = attempt.namespace() + "/" + attempt.request().target().name();
        attempt
            .lookup()
            .find("pods", path)
            .ifPresent(found -> requireOwn(write, found, "evict pods"));
      }
      default ->
          throw write.refused("unexpected pod subresource \"" + attempt.subresource() + "\"");
    }
  }

  private static void requireOwn(Write write, Obj pod, String what) {
    if (!pod.child("spec").text("nodeName").equals(write.node())) {
      throw write.refused(
          write.quoted() + " can only " + what + " with spec.nodeName set to itself");
    }
  }

  private static void podStatus(Write write) {
    Obj old = write.attempt().old().orElse(write.object());
    requireOwn(write, old, "update pod status for pods");
    Obj before = old.child("metadata");
    Obj now = write.object().child("metadata");
    if (!before.strings("labels").equals(now.strings("labels"))) {
      throw write.refused(write.quoted() + " cannot update labels through pod status");
    }
  }

  private static void mirror(Write write) {
    Obj metadata = write.object().child("metadata");
    String annotation = "kubernetes.io/config.mirror";
    if (!metadata.strings("annotations").containsKey(annotation)) {
      throw write.refused(
          "pod does not have \""
              + annotation
              + "\" annotation, "
              + write.quoted()
              + " can only create mirror pods");
    }
    requireOwn(write, write.object(), "create pods");
    List<Obj> owners = metadata.items("ownerReferences");
    boolean ownedByNode =
        owners.size() == 1
            && owners.getFirst().text("apiVersion").equals("v1")
            && owners.getFirst().text("kind").equals("Node")
            && owners.getFirst().text("name").equals(write.node())
            && !owners.getFirst().flag("blockOwnerDeletion");
    if (!ownedByNode) {
      throw write.refused(
          write.quoted() + " can only create pods with an owner reference set to itself");
    }
    if (!write.object().child("spec").values("resourceClaims").isEmpty()) {
      throw write.refused(write.quoted() + " can not create pods that reference resource claims");
    }
    for (Reference reference : PodReferences.of(write.object())) {
      throw write.refused(
          write.quoted()
              + " can not create pods that reference "
              + NOT_IN_MIRRORS.get(reference.resource()));
    }
  }

  private static void node(Write write) {
    String name = write.name().isEmpty() ? write.attempt().request().target().name() : write.name();
    if (!name.equals(write.node())) {
      throw write.refused(write.quoted() + " is not allowed to modify node \"" + name + "\"");
    }
    Obj now = write.object();
    Optional<Obj> old = write.attempt().old();
    switch (write.attempt().operation()) {
      case CREATE -> {
        Set<String> labels =
            NodeLabels.forbidden(now.child("metadata").strings("labels"), Map.of());
        if (!labels.isEmpty()) {
          throw write.refused(
              write.quoted()
                  + " is not allowed to set the following labels: "
                  + String.join(", ", labels));
        }
        if (!now.child("metadata").values("ownerReferences").isEmpty()) {
          throw write.refused(write.quoted() + " is not allowed to set ownerReferences");
        }
      }
      case UPDATE -> changed(write, now, old.orElse(now));
      case DELETE, CONNECT ->
          throw write.refused(write.quoted() + " is not allowed to delete its node");
    }
  }

  private static void changed(Write write, Obj now, Obj old) {
    if (!now.child("spec").values("taints").equals(old.child("spec").values("taints"))) {
      throw write.refused(write.quoted() + " is not allowed to modify taints");
    }
    Obj metadata = now.child("metadata");
    Obj before = old.child("metadata");
    if (!metadata.values("ownerReferences").equals(before.values("ownerReferences"))) {
      throw write.refused(write.quoted() + " is not allowed to modify ownerReferences");
    }
    Set<String> labels = NodeLabels.forbidden(metadata.strings("labels"), before.strings("labels"));
    if (!labels.isEmpty()) {
      throw write.refused(
          write.quoted() + " is not allowed to modify labels: " + String.join(", ", labels));
    }
  }

  private static void claim(Write write) {
    boolean status =
        write.attempt().operation() == Operation.UPDATE
            && write.attempt().subresource().equals("status");
    if (!status) {
      throw write.refused("may only update PVC status");
    }
  }

  /** A token is for a pod of the node, and for an audience that the pod asks for. */
  private static void token(Write write) {
    Attempt attempt = write.attempt();
    if (!attempt.subresource().equals("token")) {
      return;
    }
    Obj spec = write.object().child("spec");
    Obj bound = spec.child("boundObjectRef");
    if (!bound.text("kind").equals("Pod") || bound.text("name").isEmpty()) {
      throw write.refused("node requested token not bound to a pod");
    }
    if (bound.text("uid").isEmpty()) {
      throw write.refused("node requested token with a pod binding without a uid");
    }
    Obj pod =
        attempt
            .lookup()
            .find("pods", attempt.namespace() + "/" + bound.text("name"))
            .orElseThrow(() -> Failures.notFound("", "pods", bound.text("name")));
    if (!pod.child("metadata").text("uid").equals(bound.text("uid"))) {
      throw write.refused("the UID in the bound object reference does not match the pod's");
    }
    if (!pod.child("spec").text("nodeName").equals(write.node())) {
      throw write.refused("node requested token bound to a pod scheduled on a different node");
    }
    List<String> asked = audiencesOf(pod);
    for (String audience : spec.texts("audiences")) {
      if (!audience.isEmpty() && !asked.contains(audience)) {
        throw write.refused(
            "audience \""
                + audience
                + "\" not found in pod spec volume, system:node:"
                + write.node()
                + " is not authorized to request tokens for this audience");
      }
    }
  }

  private static List<String> audiencesOf(Obj pod) {
    List<String> audiences = new ArrayList<>();
    for (Obj volume : pod.child("spec").items("volumes")) {
      for (Obj source : volume.child("projected").items("sources")) {
        audiences.add(source.child("serviceAccountToken").text("audience"));
      }
    }
    return audiences;
  }

  private static void lease(Write write) {
    if (!write.attempt().namespace().equals("kube-node-lease")) {
      throw write.refused("can only access leases in the \"kube-node-lease\" system namespace");
    }
    if (!write.name().equals(write.node())) {
      throw write.refused("can only access node lease with the same name as the requesting node");
    }
  }
}
