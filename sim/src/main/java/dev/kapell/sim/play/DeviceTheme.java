package dev.kapell.sim.play;

/** Cards of nodes, fewer than there are claims: of pods by template, of several pods together. */
final class DeviceTheme {
  private static final String CLASS =
      """
      apiVersion: resource.k8s.io/v1
      kind: DeviceClass
      metadata: {name: card}
      spec:
        selectors:
        - cel: {expression: device.driver == "card.example.com"}
      """;

  private DeviceTheme() {}

  static void draw(Sketch sketch) {
    sketch.create(1, CLASS);
    for (int i = 0; i < sketch.nodes(); i++) {
      sketch.create(sketch.between(1, 40), slice(i, sketch));
    }
    sketch.create(2, template(sketch.between(1, 2)));
    int users = sketch.between(1, 2);
    for (int i = 0; i < users; i++) {
      deployment("web-" + i, sketch);
    }
    if (sketch.oneIn(2)) {
      Manifest job = sketch.create(5 + sketch.below(60), job(sketch));
      if (sketch.oneIn(3)) {
        sketch.add(90 + sketch.below(60), new Act.Delete(job));
      }
    }
    if (sketch.oneIn(2)) {
      shared(sketch);
    }
  }

  private static void deployment(String name, Sketch sketch) {
    int at = 5 + sketch.below(40);
    String entry = "{name: card, resourceClaimTemplateName: cards}";
    Manifest made = sketch.create(at, deployment(name, sketch.between(1, 4), entry));
    int steps = sketch.below(4);
    for (int i = 0; i < steps; i++) {
      int when = at + 10 + sketch.below(100);
      sketch.add(
          when,
          sketch.oneIn(3)
              ? new Act.SetImage(name, "work:" + i)
              : new Act.ScaleDeployment(name, sketch.below(6)));
    }
    if (sketch.oneIn(3)) {
      sketch.add(Sketch.SPAN_SECONDS, new Act.Delete(made));
    }
  }

  /** A claim that all pods of a deployment use together; perhaps it goes, and comes again. */
  private static void shared(Sketch sketch) {
    int at = 5 + sketch.below(40);
    Manifest claim = sketch.create(at + sketch.below(20), claim());
    Manifest users =
        sketch.create(
            at, deployment("team", sketch.between(1, 3), "{name: card, resourceClaimName: ours}"));
    if (sketch.oneIn(2)) {
      sketch.add(at + 60, new Act.Delete(users));
    }
    if (sketch.oneIn(3)) {
      sketch.add(at + 50 + sketch.below(30), new Act.Delete(claim));
      sketch.add(at + 90, new Act.Create(claim));
    }
  }

  private static String slice(int number, Sketch sketch) {
    StringBuilder devices = new StringBuilder();
    int count = sketch.between(1, 3);
    for (int i = 0; i < count; i++) {
      devices.append(
          "  - {name: card-%d, attributes: {socket: {int: %d}}}\n".formatted(i, sketch.below(2)));
    }
    String node = World.node(number);
    return """
        apiVersion: resource.k8s.io/v1
        kind: ResourceSlice
        metadata: {name: %s}
        spec:
          driver: card.example.com
          nodeName: %s
          pool: {name: %s, generation: 1, resourceSliceCount: 1}
          devices:
        """
            .formatted(node, node, node)
        + devices;
  }

  private static String template(int cards) {
    return """
        apiVersion: resource.k8s.io/v1
        kind: ResourceClaimTemplate
        metadata: {name: cards, namespace: default}
        spec:
          spec:
            devices:
              requests:
              - name: cards
                firstAvailable:
                - {name: several, deviceClassName: card, count: %d}
                - {name: one, deviceClassName: card}
              constraints:
              - {matchAttribute: card.example.com/socket}
        """
        .formatted(cards);
  }

  private static String claim() {
    return """
        apiVersion: resource.k8s.io/v1
        kind: ResourceClaim
        metadata: {name: ours, namespace: default}
        spec:
          devices:
            requests:
            - {name: card, exactly: {deviceClassName: card}}
        """;
  }

  private static String job(Sketch sketch) {
    int completions = sketch.between(1, 5);
    return """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: job-0, namespace: default}
        spec:
          completions: %d
          parallelism: %d
          backoffLimit: 20
          template:
            metadata:
              annotations: {simulation.kapell.dev/run-seconds: "%d"}
            spec:
              restartPolicy: Never
              resourceClaims:
              - {name: card, resourceClaimTemplateName: cards}
              containers:
              - {name: main, image: "work:1", resources: {claims: [{name: card}]}}
        """
        .formatted(completions, sketch.between(1, 3), sketch.between(2, 40));
  }

  private static String deployment(String name, int replicas, String entry) {
    return Workload.deployment(
        name,
        replicas,
        """
        resourceClaims:
        - %s
        containers:
        - {name: main, image: "work:1", resources: {claims: [{name: card}]}}
        """
            .formatted(entry));
  }
}
