package dev.kapell.sim.play;

/** A cluster that is full, and pods that are more important than those that fill it. */
final class PriorityTheme {
  private PriorityTheme() {}

  static void draw(Sketch sketch) {
    sketch.create(1, priority("high", 1000, "PreemptLowerPriority"));
    sketch.create(1, priority("patient", 500, sketch.oneIn(2) ? "Never" : "PreemptLowerPriority"));
    int milliCpu = 100 * sketch.between(3, 9);
    int room = sketch.nodes() * 2000 / milliCpu;
    sketch.create(5, deployment("web-0", room + sketch.below(3) - 1, milliCpu, ""));
    if (sketch.oneIn(2)) {
      sketch.create(8, budget("web-0", Math.max(0, room - sketch.between(1, 3))));
    }
    sketch.create(
        30 + sketch.below(30),
        deployment("vip-0", sketch.between(1, 4), 100 * sketch.between(2, 15), "high"));
    if (sketch.oneIn(2)) {
      sketch.create(
          30 + sketch.below(60),
          deployment("vip-1", sketch.between(1, 3), 100 * sketch.between(2, 15), "patient"));
    }
    if (sketch.oneIn(2)) {
      sketch.add(100 + sketch.below(40), new Act.ScaleDeployment("vip-0", sketch.below(6)));
    }
  }

  private static String priority(String name, int value, String policy) {
    return """
        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: %s}
        value: %d
        preemptionPolicy: %s
        """
        .formatted(name, value, policy);
  }

  private static String budget(String app, int fewest) {
    return """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: budget-%s, namespace: default}
        spec:
          minAvailable: %d
          selector: {matchLabels: {app: %s}}
        """
        .formatted(app, fewest, app);
  }

  private static String deployment(String name, int replicas, int milliCpu, String priority) {
    return Workload.deployment(
        name,
        replicas,
        """
        priorityClassName: "%s"
        containers:
        - {name: main, image: "web:1", resources: {requests: {cpu: %dm}}}
        """
            .formatted(priority, milliCpu));
  }
}
