package dev.kapell.sim.play;

/** Namespaces that go while people still work in them, and come again. */
final class NamespaceTheme {
  private static final String NAMESPACE =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: team}
      """;

  private NamespaceTheme() {}

  static void draw(Sketch sketch) {
    Manifest namespace = sketch.create(5, NAMESPACE);
    int things = sketch.between(1, 5);
    for (int i = 0; i < things; i++) {
      sketch.create(7 + sketch.below(60), thing(i, sketch));
    }
    int gone = 30 + sketch.below(60);
    sketch.add(gone, new Act.Delete(namespace));
    if (sketch.oneIn(2)) {
      int back = gone + 1 + sketch.below(40);
      sketch.create(back, NAMESPACE);
      sketch.create(back + sketch.below(10), thing(9, sketch));
      if (sketch.oneIn(2)) {
        sketch.add(back + sketch.below(20), new Act.Delete(namespace));
      }
    }
  }

  private static String thing(int number, Sketch sketch) {
    return switch (sketch.below(6)) {
      case 0 ->
          """
          apiVersion: v1
          kind: Service
          metadata: {name: thing-%d, namespace: team}
          spec:
            selector: {app: thing-0}
            ports: [{port: 80}]
          """
              .formatted(number);
      case 1 ->
          """
          apiVersion: v1
          kind: PersistentVolumeClaim
          metadata: {name: data-thing-%d, namespace: team}
          spec:
            accessModes: [ReadWriteOnce]
            storageClassName: local-path
            resources: {requests: {storage: 1Gi}}
          """
              .formatted(number);
      case 2 ->
          """
          apiVersion: batch/v1
          kind: Job
          metadata: {name: thing-%d, namespace: team}
          spec:
            completions: 4
            parallelism: 2
            template:
              spec:
                restartPolicy: Never
                containers: [{name: main, image: "work:1"}]
          """
              .formatted(number);
      default ->
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: thing-%d, namespace: team}
          spec:
            replicas: %d
            selector: {matchLabels: {app: thing-%d}}
            template:
              metadata:
                labels: {app: thing-%d}
              spec:
                containers: [{name: main, image: "web:1"}]
          """
              .formatted(number, sketch.between(1, 4), number, number);
    };
  }
}
