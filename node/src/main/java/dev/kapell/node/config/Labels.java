package dev.kapell.node.config;

import java.time.Duration;
import java.util.Map;

/**
 * The labels by which containers and sandboxes are known again, the same as every CRI client uses.
 */
public final class Labels {
  public static final String POD_NAME = "io.kubernetes.pod.name";
  public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  public static final String POD_UID = "io.kubernetes.pod.uid";
  public static final String CONTAINER_NAME = "io.kubernetes.container.name";
  public static final String CONTAINER_HASH = "io.kubernetes.container.hash";
  public static final String RESTART_COUNT = "io.kubernetes.container.restartCount";
  public static final String TERMINATION_PATH = "io.kubernetes.container.terminationMessagePath";
  public static final String TERMINATION_POLICY =
      "io.kubernetes.container.terminationMessagePolicy";
  public static final String GRACE_SECONDS = "io.kubernetes.pod.terminationGracePeriod";
  public static final String STOP_SIGNAL = "dev.kapell/stop-signal";
  public static final String RESOURCES_HASH = "dev.kapell/resources-hash";

  private Labels() {}

  /** How long a container with these annotations has to end by itself; 30 s where none say. */
  public static Duration grace(Map<String, String> annotations) {
    String seconds = annotations.getOrDefault(GRACE_SECONDS, "");
    return Duration.ofSeconds(seconds.matches("\\d{1,9}") ? Long.parseLong(seconds) : 30);
  }
}
