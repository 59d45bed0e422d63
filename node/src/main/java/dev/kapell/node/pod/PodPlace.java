package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.node.config.PodFacts;
import java.util.List;

/** A pod and its folders on this node. */
final class PodPlace {
  private PodPlace() {}

  static PodFacts of(PodRoom room, Pod pod) {
    Directories directories = room.directories();
    return new PodFacts(
        pod,
        List.of(),
        room.node(),
        directories.pod(pod.metadata().uidOr("")),
        directories.logs(pod));
  }
}
