package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Pod;
import java.nio.file.Path;

/**
 * Where pods have their files.
 *
 * @param data the agent's own folder
 */
public record Directories(Path data) {
  /** The folder that holds a folder for each pod. */
  public Path pods() {
    return data.resolve("pods");
  }

  /** A pod's folder. */
  public Path pod(String uid) {
    return pods().resolve(uid);
  }

  /** The folder that holds a log folder for each pod. */
  public Path logs() {
    return data.resolve("logs");
  }

  /** A pod's logs: {@code NAMESPACE_NAME_UID/CONTAINER/ATTEMPT.log} below the agent's folder. */
  public Path logs(Pod pod) {
    var meta = pod.metadata();
    return logs().resolve(meta.namespaceOr("") + "_" + meta.nameOr("") + "_" + meta.uidOr(""));
  }
}
