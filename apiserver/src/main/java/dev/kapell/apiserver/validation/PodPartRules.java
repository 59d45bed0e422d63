package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.quota.QosClass;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What may change of a pod by its subresources {@code resize} and {@code ephemeralcontainers}. */
final class PodPartRules {
  private static final List<String> RESIZED = List.of("containers", "initContainers");
  private static final String MIRROR = "kubernetes.io/config.mirror";

  private PodPartRules() {}

  static Rules addTo(Rules pods) {
    return pods.onPart("resize", PodPartRules::resize)
        .onPart("ephemeralcontainers", PodPartRules::debug);
  }

  /** Parts that come to a pod only when it exists. */
  static void newPod(Obj pod, Errors errors) {
    Obj spec = pod.child("spec");
    if (!spec.values("ephemeralContainers").isEmpty()) {
      errors.forbid(spec, "ephemeralContainers", "cannot be set on create");
    }
    if (!spec.text("nodeName").isEmpty() && !spec.values("schedulingGates").isEmpty()) {
      errors.forbid(spec, "nodeName", "cannot be set until all schedulingGates have been cleared");
    }
  }

  private static void resize(Obj pod, Obj old, Errors errors) {
    Obj spec = pod.child("spec");
    Obj before = old.child("spec");
    if (isMirror(old)) {
      errors.add(FieldError.forbidden("", "static pods cannot be resized"));
      return;
    }
    if (!before.child("resources").map().isEmpty()) {
      errors.add(
          FieldError.forbidden(
              "spec", "pods with pod-level resources cannot be resized: make a new pod"));
      return;
    }
    String has = QosClass.of(before);
    String wanted = QosClass.of(spec);
    if (!has.equals(wanted)) {
      errors.invalid("spec", wanted, "Pod QOS Class may not change as a result of resizing");
    }
    for (String list : RESIZED) {
      if (!names(spec, list).equals(names(before, list))) {
        errors.add(
            FieldError.forbidden(
                spec.at(list), "containers may not be renamed or reordered on resize"));
        return;
      }
    }
    for (String list : RESIZED) {
      for (int i = 0; i < spec.items(list).size(); i++) {
        resize(spec.items(list).get(i), before.items(list).get(i), list, errors);
      }
    }
  }

  private static void resize(Obj container, Obj old, String list, Errors errors) {
    Obj resources = container.child("resources");
    Obj had = old.child("resources");
    boolean ends = list.equals("initContainers") && !old.text("restartPolicy").equals("Always");
    if (ends && !Trees.same(resources.map(), had.map())) {
      errors.add(
          FieldError.forbidden(
              "spec", "only cpu and memory resources for sidecar containers are mutable"));
      return;
    }
    for (String part : List.of("limits", "requests")) {
      if (!resources.strings(part).keySet().containsAll(resizable(had, part))) {
        errors.add(
            FieldError.forbidden(resources.at(part), "resource " + part + " cannot be removed"));
      }
    }
    if (!Trees.same(fixed(container), fixed(old))) {
      errors.add(FieldError.forbidden("spec", "only cpu and memory resources are mutable"));
    }
  }

  private static List<String> names(Obj spec, String list) {
    return spec.items(list).stream().map(container -> container.text("name")).toList();
  }

  private static List<String> resizable(Obj resources, String part) {
    return resources.strings(part).keySet().stream().filter(PodPartRules::isResizable).toList();
  }

  private static boolean isResizable(String resource) {
    return resource.equals("cpu") || resource.equals("memory");
  }

  /** What of a container stays as it is. */
  private static Map<String, Object> fixed(Obj container) {
    Map<String, Object> copy = Trees.copy(container.map());
    for (String part : List.of("limits", "requests")) {
      Obj resources = Obj.root(copy).make("resources");
      List.of("cpu", "memory").forEach(resources.make(part)::drop);
      if (resources.child(part).map().isEmpty()) {
        resources.drop(part);
      }
    }
    return copy;
  }

  private static void debug(Obj pod, Obj old, Errors errors) {
    if (isMirror(old)) {
      errors.add(FieldError.forbidden("", "static pods do not support ephemeral containers"));
      return;
    }
    Map<String, Obj> now =
        pod.child("spec").items("ephemeralContainers").stream()
            .collect(Collectors.toMap(each -> each.text("name"), Function.identity(), (a, _) -> a));
    for (Obj was : old.child("spec").items("ephemeralContainers")) {
      Obj is = now.get(was.text("name"));
      if (is == null || !Trees.same(is.map(), was.map())) {
        errors.add(
            FieldError.forbidden(
                "spec.ephemeralContainers",
                "existing ephemeral containers \"%s\" may not be %s"
                    .formatted(was.text("name"), is == null ? "removed" : "changed")));
      }
    }
  }

  private static boolean isMirror(Obj pod) {
    return pod.child("metadata").child("annotations").has(MIRROR);
  }
}
