package dev.kapell.node.config;

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
  public static final String RESOURCES_HASH = "dev.kapell/resources-hash";

  private Labels() {}
}
