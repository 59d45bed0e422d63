package dev.kapell.sim.play;

import java.util.List;

/** Volumes that are there or are made, and more claims than there are volumes. */
final class VolumeTheme {
  private static final String CLASS =
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: disks}
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
      """;

  private VolumeTheme() {}

  static void draw(Sketch sketch) {
    if (sketch.oneIn(2)) {
      sets(sketch);
    } else {
      disks(sketch);
    }
  }

  /** Stateful sets whose volumes are made for them. */
  private static void sets(Sketch sketch) {
    int sets = sketch.between(1, 2);
    for (int i = 0; i < sets; i++) {
      int at = 5 + sketch.below(30);
      Manifest set = sketch.create(at, set("set-" + i, sketch));
      int steps = sketch.below(3);
      for (int step = 0; step < steps; step++) {
        sketch.add(
            at + 10 + sketch.below(100), new Act.ScaleStatefulSet("set-" + i, sketch.below(5)));
      }
      if (sketch.oneIn(3)) {
        sketch.add(Sketch.SPAN_SECONDS, new Act.Delete(set));
      }
    }
  }

  /** Disks of nodes, some kept for the same class, and claims that wait for pods or do not. */
  private static void disks(Sketch sketch) {
    sketch.create(1, CLASS);
    int disks = sketch.between(1, 5);
    for (int i = 0; i < disks; i++) {
      sketch.create(sketch.between(2, 30), disk(i, sketch));
    }
    int claims = sketch.between(1, 4);
    for (int i = 0; i < claims; i++) {
      int at = 2 + sketch.below(40);
      Manifest claim = sketch.create(at, claim(i, sketch));
      Manifest user = sketch.create(at + sketch.below(10), user(i));
      if (sketch.oneIn(3)) {
        int end = at + 30 + sketch.below(60);
        sketch.add(end, new Act.Delete(user));
        sketch.add(end + sketch.below(5), new Act.Delete(claim));
      }
    }
  }

  private static String set(String name, Sketch sketch) {
    List<String> policies = List.of("Retain", "Delete");
    return """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: %s, namespace: default}
        spec:
          replicas: %d
          serviceName: %s
          podManagementPolicy: %s
          persistentVolumeClaimRetentionPolicy: {whenDeleted: %s, whenScaled: %s}
          selector: {matchLabels: {app: %s}}
          template:
            metadata:
              labels: {app: %s}
            spec:
              containers:
              - name: main
                image: db:1
                volumeMounts:
                - {name: data, mountPath: /data}
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              storageClassName: local-path
              resources: {requests: {storage: 1Gi}}
        """
        .formatted(
            name,
            sketch.below(4),
            name,
            sketch.anyOf(List.of("OrderedReady", "Parallel")),
            sketch.anyOf(policies),
            sketch.anyOf(policies),
            name,
            name);
  }

  private static String disk(int number, Sketch sketch) {
    return """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: disk-%d}
        spec:
          accessModes: [ReadWriteOnce]
          capacity: {storage: %dGi}
          persistentVolumeReclaimPolicy: Retain
          storageClassName: %s
          local: {path: /disks/%d}
          nodeAffinity:
            required:
              nodeSelectorTerms:
              - matchExpressions:
                - {key: kubernetes.io/hostname, operator: In, values: [%s]}
        """
        .formatted(
            number,
            sketch.between(1, 3),
            sketch.oneIn(4) ? "plain" : "disks",
            number,
            sketch.node());
  }

  private static String claim(int number, Sketch sketch) {
    return """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: claim-%d, namespace: default}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: %s
          resources: {requests: {storage: %dGi}}
        """
        .formatted(number, sketch.oneIn(4) ? "plain" : "disks", sketch.between(1, 3));
  }

  private static String user(int number) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: user-%d, namespace: default}
        spec:
          replicas: 1
          strategy: {type: Recreate}
          selector: {matchLabels: {app: user-%d}}
          template:
            metadata:
              labels: {app: user-%d}
            spec:
              containers:
              - name: main
                image: db:1
                volumeMounts:
                - {name: data, mountPath: /data}
              volumes:
              - {name: data, persistentVolumeClaim: {claimName: claim-%d}}
        """
        .formatted(number, number, number, number);
  }
}
