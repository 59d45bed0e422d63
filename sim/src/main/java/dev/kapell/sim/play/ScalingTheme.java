package dev.kapell.sim.play;

/** Autoscalers, and load that comes and goes. */
final class ScalingTheme {
  private static final int MILLI_CPU = 100;

  private ScalingTheme() {}

  static void draw(Sketch sketch) {
    int apps = sketch.between(1, 2);
    for (int i = 0; i < apps; i++) {
      String app = "web-" + i;
      int least = sketch.between(1, 3);
      sketch.create(5, deployment(app, sketch.between(1, 5)));
      sketch.create(6 + sketch.below(20), autoscaler(app, least, least + sketch.between(1, 6)));
      sketch.add(1, new Act.SetLoad(app, MILLI_CPU * sketch.below(4)));
      int changes = sketch.between(1, 4);
      for (int change = 0; change < changes; change++) {
        sketch.add(
            30 + sketch.below(Sketch.SPAN_SECONDS - 30),
            new Act.SetLoad(app, MILLI_CPU / 2 * sketch.below(14)));
      }
    }
  }

  private static String deployment(String name, int replicas) {
    return Workload.deployment(
        name,
        replicas,
        """
        containers:
        - {name: main, image: "web:1", resources: {requests: {cpu: %dm}}}
        """
            .formatted(MILLI_CPU));
  }

  private static String autoscaler(String app, int least, int most) {
    return """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: %s, namespace: default}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}
          minReplicas: %d
          maxReplicas: %d
          behavior:
            scaleDown: {stabilizationWindowSeconds: 30}
          metrics:
          - type: Resource
            resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
        """
        .formatted(app, app, least, most);
  }
}
