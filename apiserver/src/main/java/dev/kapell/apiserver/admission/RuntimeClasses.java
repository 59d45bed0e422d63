package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import java.util.LinkedHashMap;
import java.util.Map;

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
    Map<String, String> fixed = found.child("overhead").strings("podFixed");
    if (spec.has("overhead") && !spec.strings("overhead").equals(fixed)) {
      throw refused(
          attempt,
          pod,
          "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    if (!fixed.isEmpty()) {
      spec.put("overhead", new LinkedHashMap<String, Object>(fixed));
    }
    schedule(attempt, pod, found.child("scheduling"));
  }

  private static void schedule(Attempt attempt, Obj pod, Obj scheduling) {
    Obj spec = pod.make("spec");
    Map<String, String> own = spec.strings("nodeSelector");
    scheduling
        .strings("nodeSelector")
        .forEach(
            (key, value) -> {
              if (own.containsKey(key) && !value.equals(own.get(key))) {
                throw refused(
                    attempt,
                    pod,
                    "conflict: runtimeClass.scheduling.nodeSelector["
                        + key
                        + "] = "
                        + value
                        + "; pod.spec.nodeSelector["
                        + key
                        + "] = "
                        + own.get(key));
              }
              spec.make("nodeSelector").put(key, value);
            });
    for (Object toleration : scheduling.values("tolerations")) {
      if (!spec.values("tolerations").contains(toleration)) {
        spec.list("tolerations").add(toleration);
      }
    }
  }

  private static RuntimeException refused(Attempt attempt, Obj pod, String why) {
    return Failures.forbidden(attempt.resource(), pod.child("metadata").text("name"), why);
  }
}
