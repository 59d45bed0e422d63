package dev.kapell.blackbox;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A web server of some pods behind a node port; its page names the pod and the version. Deleted
 * again by {@link #close}.
 *
 * @param name of Deployment and Service
 * @param nodePort where it is reached
 */
record Web(String name, int nodePort) implements AutoCloseable {
  /** Applies it and waits until it runs. */
  static Web start(String name, int nodePort, int replicas) {
    Web web = new Web(name, nodePort);
    web.apply(replicas, "1");
    return web;
  }

  void apply(int replicas, String version) {
    Kapell.kapellWithInput(manifests(replicas, version), "apply", "--wait", "-").ok();
  }

  /** The same with another {@code version} is a rollout. */
  String manifests(int replicas, String version) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %1$s}
    spec:
      replicas: %3$d
      selector: {matchLabels: {app: %1$s}}
      strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
      template:
        metadata: {labels: {app: %1$s}}
        spec:
          terminationGracePeriodSeconds: 10
          containers:
          - name: web
            image: kapell.local/toolbox:1
            command:
            - sh
            - -c
            - 'mkdir /www; echo "$HOSTNAME version $VERSION" > /www/index.html; trap "exit 0" TERM; httpd -f -p 8080 -h /www & wait'
            env: [{name: VERSION, value: "%4$s"}]
            ports: [{name: http, containerPort: 8080}]
            readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}
            lifecycle: {preStop: {sleep: {seconds: 2}}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %1$s}
    spec: {type: NodePort, selector: {app: %1$s}, ports: [{port: 80, targetPort: http, nodePort: %2$d}]}
    """
        .formatted(name, nodePort, replicas, version);
  }

  String url() {
    return "http://127.0.0.1:" + nodePort + "/";
  }

  /**
   * Name of each pod that is not on its way out → whether it is ready, restarts and container id,
   * as text.
   */
  Map<String, String> pods() {
    String printed =
        Kapell.kubectl(
                "get",
                "pods",
                "-l",
                "app=" + name,
                "-o",
                "jsonpath={range .items[*]}{.metadata.deletionTimestamp}|{.metadata.name}|{.status.containerStatuses[0].ready}"
                    + " {.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].containerID}{\"\\n\"}{end}")
            .ok();
    Map<String, String> pods = new TreeMap<>();
    for (String line : printed.lines().toList()) {
      List<String> cells = List.of(line.split("\\|", -1));
      if (cells.getFirst().isEmpty()) {
        pods.put(cells.get(1), cells.get(2));
      }
    }
    return pods;
  }

  String uid(String pod) {
    return Kapell.kubectl("get", "pod", pod, "-o", "jsonpath={.metadata.uid}").ok();
  }

  @Override
  public void close() {
    Kapell.kubectl("delete", "deployment,service", name, "--ignore-not-found").ok();
    Kapell.kubectl("wait", "--for=delete", "pods", "-l", "app=" + name, "--timeout=60s").ok();
  }
}
