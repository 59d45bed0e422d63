package dev.kapell.node.pod;

import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.node.plan.PodContainers;

/** What people read about one pod. A pod that is gone from the API is not spoken of. */
final class PodEvents {
  private final EventRecorder recorder;
  private final PodMemory memory;

  PodEvents(EventRecorder recorder, PodMemory memory) {
    this.recorder = recorder;
    this.memory = memory;
  }

  /** Namespace and name, for the log. */
  String name() {
    Pod pod = memory.pod();
    return pod.metadata().namespaceOr("") + "/" + pod.metadata().nameOr("");
  }

  void warning(String reason, String message) {
    if (memory.listed()) {
      recorder.record(memory.pod(), true, reason, message);
    }
  }

  void normal(String reason, String container, String message) {
    container(false, reason, container, message);
  }

  void warning(String reason, String container, String message) {
    container(true, reason, container, message);
  }

  private void container(boolean warning, String reason, String container, String message) {
    if (!memory.listed()) {
      return;
    }
    Pod pod = memory.pod();
    boolean init =
        pod.spec().initContainers().stream().anyMatch(c -> c.nameOr("").equals(container));
    boolean ephemeral =
        PodContainers.ephemeral(pod).stream().anyMatch(c -> c.nameOr("").equals(container));
    String list = init ? "initContainers" : ephemeral ? "ephemeralContainers" : "containers";
    recorder.record(
        ObjectReference.builder()
            .apiVersion("v1")
            .kind("Pod")
            .namespace(pod.metadata().namespace())
            .name(pod.metadata().name())
            .uid(pod.metadata().uid())
            .resourceVersion(pod.metadata().resourceVersion())
            .fieldPath("spec." + list + "{" + container + "}")
            .build(),
        warning,
        reason,
        message);
  }
}
