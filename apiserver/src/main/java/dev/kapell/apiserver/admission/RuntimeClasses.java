package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;

/** What a runtime class adds to its pods: overhead, node selector and tolerations. */
final class RuntimeClasses implements Admission {
  @Override
  public void admit(Attempt attempt, Obj pod) {
    if (!attempt.creates("pods")) {
      return;
    }
    Obj spec = pod.make("spec");
    String name = spec.text("runtimeClassName");
    if (name.isEmpty()) {
      if (spec.has("overhead")) {
        throw refused(
            attempt,
            pod,
            "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
      }
      return;
    }
    Obj found =
        attempt
            .lookup()
            .find("node.k8s.io/runtimeclasses", name)
            .orElseThrow(
                () ->
                    refused(attempt, pod, "pod rejected: RuntimeClass \"" + name + "\" not found"));
    found
        .child("overhead")
        .find("podFixed")
        .ifPresent(overhead -> spec.put("overhead", overhead.map()));
    Obj scheduling = found.child("scheduling");
    scheduling
        .strings("nodeSelector")
        .forEach((key, value) -> spec.make("nodeSelector").put(key, value));
    if (!scheduling.values("tolerations").isEmpty()) {
      spec.list("tolerations").addAll(scheduling.values("tolerations"));
    }
  }

  private static RuntimeException refused(Attempt attempt, Obj pod, String why) {
    return Failures.forbidden(attempt.resource(), pod.child("metadata").text("name"), why);
  }
}
