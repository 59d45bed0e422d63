package dev.kapell.apiserver.podsecurity;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod, or the template of one, as the checks see it.
 *
 * @param annotations of the pod
 * @param spec of the pod
 * @param containers init containers, containers and ephemeral ones, in this order
 */
record PodForm(Map<String, String> annotations, Obj spec, List<Obj> containers) {
  private static final List<String> LISTS =
      List.of("initContainers", "containers", "ephemeralContainers");

  /** The pod of an object with metadata and spec. */
  static PodForm of(Obj pod) {
    Obj spec = pod.child("spec");
    List<Obj> containers = new ArrayList<>();
    LISTS.forEach(list -> containers.addAll(spec.items(list)));
    return new PodForm(pod.child("metadata").strings("annotations"), spec, containers);
  }

  /** The pod that objects of {@code resource} make; empty for resources that make none. */
  static Optional<PodForm> ofTemplate(String resource, Obj object) {
    return switch (resource) {
      case "podtemplates" -> object.find("template").map(PodForm::of);
      case "replicationcontrollers",
          "replicasets.apps",
          "deployments.apps",
          "statefulsets.apps",
          "daemonsets.apps",
          "jobs.batch" ->
          object.child("spec").find("template").map(PodForm::of);
      case "cronjobs.batch" ->
          object.child("spec").child("jobTemplate").child("spec").find("template").map(PodForm::of);
      default -> Optional.empty();
    };
  }

  /** The security context of the pod as a whole. */
  Obj security() {
    return spec.child("securityContext");
  }

  static Obj security(Obj container) {
    return container.child("securityContext");
  }

  boolean isWindows() {
    return spec.child("os").text("name").equals("windows");
  }

  /** Whether the users in it are not those of the node. */
  boolean hasOwnUsers() {
    return spec.has("hostUsers") && !spec.flag("hostUsers");
  }
}
