package dev.kapell.sim.play;

import java.time.Duration;
import java.util.List;

/** Jobs whose pods run all or not at all, in queues that share what there is. */
final class BatchTheme {
  private static final String QUEUES =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: scheduling-queues, namespace: kube-system}
      data:
        a: |
          weight: 2
        b: |
          limit: {cpu: 1500m}
      """;

  private static final String GUARANTEES =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: scheduling-queues, namespace: kube-system}
      data:
        rich: |
          guarantee: {cpu: 500m}
        poor: |
          guarantee: {cpu: 1200m}
        other: ""
      """;

  private static final String WEIGHTS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: scheduling-queues, namespace: kube-system}
      data:
        rich: ""
        poor: |
          weight: 2
        other: |
          limit: {cpu: 1500m}
      """;

  private BatchTheme() {}

  static void draw(Sketch sketch) {
    if (sketch.oneIn(3)) {
      reclaim(sketch);
      return;
    }
    boolean queued = sketch.oneIn(2);
    if (queued) {
      sketch.create(1, QUEUES);
    }
    List<String> queues = queued ? List.of("", "a", "b", "b") : List.of("");
    int gangs = sketch.between(1, 3);
    for (int i = 0; i < gangs; i++) {
      sketch.create(5 + sketch.below(60), gang(i, sketch.anyOf(queues), sketch));
    }
    int others = sketch.below(3);
    for (int i = 0; i < others; i++) {
      sketch.create(5 + sketch.below(60), deployment(i, sketch.anyOf(queues), sketch));
    }
    if (others > 0 && sketch.oneIn(2)) {
      sketch.add(80 + sketch.below(60), new Act.ScaleDeployment("web-0", sketch.below(5)));
    }
    if (sketch.oneIn(2)) {
      Duration lasts = Duration.ofSeconds(sketch.between(60, 180));
      sketch.add(20 + sketch.below(80), new Act.PowerCut(sketch.node(), lasts));
    }
  }

  /** One queue has everything, and others want their part. */
  private static void reclaim(Sketch sketch) {
    sketch.create(1, sketch.oneIn(2) ? GUARANTEES : WEIGHTS);
    int milliCpu = 100 * sketch.between(2, 9);
    int room = sketch.nodes() * 2000 / milliCpu;
    sketch.create(5, deployment(0, "rich", room + sketch.below(4) - 1, milliCpu));
    int others = sketch.between(1, 2);
    for (int i = 1; i <= others; i++) {
      sketch.create(
          30 + sketch.below(60),
          deployment(
              i,
              sketch.anyOf(List.of("poor", "poor", "other")),
              sketch.between(1, 4),
              100 * sketch.between(1, 8)));
    }
    if (sketch.oneIn(2)) {
      sketch.add(110 + sketch.below(30), new Act.ScaleDeployment("web-0", sketch.below(room + 1)));
    }
  }

  private static String queue(String name) {
    return name.isEmpty() ? "{}" : "{scheduling.kapell.dev/queue: " + name + "}";
  }

  private static String gang(int number, String queue, Sketch sketch) {
    int size = sketch.between(2, 5);
    return """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: gang-%d
          namespace: default
          labels: %s
          annotations: {scheduling.kapell.dev/gang: "true"}
        spec:
          completions: %d
          parallelism: %d
          backoffLimit: 20
          template:
            metadata:
              labels: {app: gang-%d}
              annotations: {simulation.kapell.dev/run-seconds: "%d"}
            spec:
              restartPolicy: Never
              tolerations:
              - {key: node.kubernetes.io/unreachable, effect: NoExecute, operator: Exists, tolerationSeconds: 5}
              containers:
              - {name: main, image: "work:1", resources: {requests: {cpu: %dm}}}
        """
        .formatted(
            number,
            queue(queue),
            size,
            size,
            number,
            sketch.between(2, 60) * (sketch.oneIn(2) ? 4 : 1),
            200 * sketch.between(1, 6));
  }

  private static String deployment(int number, String queue, Sketch sketch) {
    return deployment(number, queue, sketch.below(5), 100 * sketch.between(1, 8));
  }

  private static String deployment(int number, String queue, int replicas, int milliCpu) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web-%d, namespace: default}
        spec:
          replicas: %d
          selector: {matchLabels: {app: web-%d}}
          template:
            metadata:
              labels: {app: web-%d%s}
            spec:
              containers:
              - {name: main, image: "web:1", resources: {requests: {cpu: %dm}}}
        """
        .formatted(
            number,
            replicas,
            number,
            number,
            queue.isEmpty() ? "" : ", scheduling.kapell.dev/queue: " + queue,
            milliCpu);
  }
}
