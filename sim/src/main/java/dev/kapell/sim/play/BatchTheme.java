package dev.kapell.sim.play;

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

  private BatchTheme() {}

  static void draw(Sketch sketch) {
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
              containers:
              - {name: main, image: "work:1", resources: {requests: {cpu: %dm}}}
        """
        .formatted(
            number,
            queue(queue),
            size,
            size,
            number,
            sketch.between(2, 60),
            200 * sketch.between(1, 6));
  }

  private static String deployment(int number, String queue, Sketch sketch) {
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
            sketch.below(5),
            number,
            number,
            queue.isEmpty() ? "" : ", scheduling.kapell.dev/queue: " + queue,
            100 * sketch.between(1, 8));
  }
}
