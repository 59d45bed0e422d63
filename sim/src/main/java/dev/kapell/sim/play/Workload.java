package dev.kapell.sim.play;

/** Manifests that several themes draw. */
final class Workload {
  private static final int POD_SPEC = 6;

  private Workload() {}

  /**
   * A Deployment in namespace {@code default} whose pods have the label {@code app} and this spec.
   */
  static String deployment(String name, int replicas, String podSpec) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s, namespace: default}
        spec:
          replicas: %d
          selector: {matchLabels: {app: %s}}
          template:
            metadata:
              labels: {app: %s}
            spec:
        """
            .formatted(name, replicas, name, name)
        + podSpec.indent(POD_SPEC);
  }
}
