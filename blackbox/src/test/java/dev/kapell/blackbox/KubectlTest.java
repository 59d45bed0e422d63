package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The everyday verbs of kubectl, each version against the same running cluster in a namespace of
 * its own.
 */
@SharesCluster
class KubectlTest {
  /** One kubectl in one namespace. */
  private record Kubectl(Path binary, String namespace) {
    Shell.Result run(String... arguments) {
      return runWithInput("", arguments);
    }

    Shell.Result runWithInput(String input, String... arguments) {
      String[] all = new String[arguments.length + 2];
      all[0] = "-n";
      all[1] = namespace;
      System.arraycopy(arguments, 0, all, 2, arguments.length);
      return Kapell.kubectl(binary, input, all);
    }
  }

  private static String manifest(int replicas, String greeting) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: page}
    data: {index.html: "%s"}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, labels: {app: web}}
    spec:
      replicas: %d
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: web
            image: kapell.local/toolbox:1
            command: [sh, -c, 'echo started $V; trap "exit 0" TERM; httpd -f -p 8080 -h /page & wait']
            env: [{name: V, value: "1"}]
            ports: [{name: http, containerPort: 8080}]
            readinessProbe: {httpGet: {path: /index.html, port: http}, periodSeconds: 1}
            volumeMounts: [{name: page, mountPath: /page}]
          volumes: [{name: page, configMap: {name: page}}]
    """
        .formatted(greeting, replicas);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.27", "1.28", "1.29", "1.30", "1.31", "1.32", "1.33"})
  void everyVerbWorks(String version) throws Exception {
    Path binary = Kapell.kubectl(version);
    String namespace = "kubectl-" + version.replace('.', '-');
    Kapell.kubectl(binary, "", "create", "namespace", namespace).ok();
    Kubectl kubectl = new Kubectl(binary, namespace);
    try {
      applies(kubectl);
      reads(kubectl);
      changes(kubectl);
      reachesIntoPods(kubectl);
      deletes(kubectl);
    } finally {
      Kapell.kubectl(binary, "", "delete", "namespace", namespace, "--wait=false");
    }
  }

  private void applies(Kubectl kubectl) {
    assertThat(kubectl.runWithInput(manifest(2, "one"), "apply", "-f", "-").ok())
        .contains("deployment.apps/web created");
    assertThat(kubectl.run("rollout", "status", "deployment/web", "--timeout=120s").ok())
        .contains("successfully rolled out");
    assertThat(kubectl.runWithInput(manifest(2, "one"), "apply", "-f", "-").ok())
        .contains("deployment.apps/web unchanged", "configmap/page unchanged");
    assertThat(kubectl.runWithInput(manifest(2, "two"), "diff", "-f", "-").refused())
        .contains("two");
    assertThat(kubectl.runWithInput(manifest(2, "two"), "apply", "-f", "-").ok())
        .contains("configmap/page configured");
    assertThat(
            kubectl
                .runWithInput(
                    manifest(2, "two").replace("replicas:", "replicaz:"), "apply", "-f", "-")
                .refused())
        .contains("replicaz");
  }

  private void reads(Kubectl kubectl) {
    assertThat(kubectl.run("get", "pods").ok())
        .contains("NAME", "READY", "STATUS", "1/1", "Running");
    assertThat(kubectl.run("get", "deploy,rs,svc,cm", "-o", "wide").ok())
        .contains("deployment.apps/web");
    assertThat(kubectl.run("get", "deploy", "web", "-o", "jsonpath={.status.readyReplicas}").ok())
        .isEqualTo("2");
    assertThat(kubectl.run("get", "pods", "-o", "yaml").ok()).contains("kind: Pod");
    assertThat(kubectl.run("describe", "deployment", "web").ok())
        .contains("RollingUpdate", "ScalingReplicaSet");
    assertThat(kubectl.run("describe", "pods").ok()).contains("Node:", "Conditions:", "Events:");
    assertThat(kubectl.run("describe", "node").ok())
        .contains("Allocatable", "kubernetes.io/hostname");
    assertThat(kubectl.run("explain", "deployment.spec.strategy").ok()).contains("rollingUpdate");
    assertThat(kubectl.run("api-resources").ok())
        .contains("deployments", "endpointslices", "customresourcedefinitions");
    assertThat(kubectl.run("api-versions").ok()).contains("apps/v1");
    assertThat(kubectl.run("auth", "can-i", "create", "pods").ok()).contains("yes");
    assertThat(kubectl.run("auth", "can-i", "create", "pods", "--as=nobody").refused())
        .contains("no");
    assertThat(kubectl.run("version").ok()).contains("1.36");
  }

  private void changes(Kubectl kubectl) {
    kubectl
        .run(
            "patch",
            "deployment",
            "web",
            "-p",
            "{\"metadata\":{\"annotations\":{\"edited\":\"yes\"}}}")
        .ok();
    kubectl
        .run(
            "patch",
            "deployment",
            "web",
            "--type=json",
            "-p",
            "[{\"op\":\"remove\",\"path\":\"/metadata/annotations/edited\"}]")
        .ok();
    kubectl.run("label", "deployment", "web", "tier=front").ok();
    assertThat(kubectl.run("get", "deploy", "-l", "tier=front", "-o", "name").ok())
        .contains("deployment.apps/web");
    kubectl.run("scale", "deployment", "web", "--replicas=3").ok();
    kubectl
        .run("wait", "deployment/web", "--for=jsonpath={.status.readyReplicas}=3", "--timeout=60s")
        .ok();
    kubectl.run("set", "env", "deployment/web", "V=2").ok();
    kubectl.run("rollout", "status", "deployment/web", "--timeout=120s").ok();
    assertThat(kubectl.run("rollout", "history", "deployment/web").ok()).contains("1", "2");
    kubectl.run("rollout", "undo", "deployment/web").ok();
    kubectl.run("rollout", "status", "deployment/web", "--timeout=120s").ok();
    assertThat(
            kubectl
                .run(
                    "get",
                    "deploy",
                    "web",
                    "-o",
                    "jsonpath={.spec.template.spec.containers[0].env[0].value}")
                .ok())
        .isEqualTo("1");
    kubectl.run("wait", "--for=condition=Available", "deployment/web", "--timeout=60s").ok();
  }

  private void reachesIntoPods(Kubectl kubectl) throws Exception {
    kubectl.run("rollout", "status", "deployment/web", "--timeout=60s").ok();
    String pod =
        kubectl
            .run(
                "get",
                "pods",
                "--field-selector=status.phase=Running",
                "-o",
                "jsonpath={.items[0].metadata.name}")
            .ok();
    assertThat(kubectl.run("logs", pod).ok()).contains("started 1");
    assertThat(kubectl.run("exec", pod, "--", "sh", "-c", "echo from $HOSTNAME; exit 0").ok())
        .contains("from web-");
    assertThat(kubectl.run("exec", pod, "--", "sh", "-c", "exit 7").code()).isEqualTo(7);
    assertThat(kubectl.runWithInput("piped", "exec", "-i", pod, "--", "cat").ok())
        .isEqualTo("piped");
    copies(kubectl, pod);
    forwards(kubectl, pod);
    Kapell.eventually(60, () -> assertThat(kubectl.run("top", "pods").ok()).contains(pod));
    assertThat(kubectl.run("top", "nodes").ok()).contains("CPU");
  }

  private void copies(Kubectl kubectl, String pod) throws IOException {
    Path folder = Files.createTempDirectory("kapell-cp");
    Path there = Files.writeString(folder.resolve("there"), "to and fro");
    kubectl.run("cp", there.toString(), pod + ":/tmp/there").ok();
    kubectl.run("cp", pod + ":/tmp/there", folder.resolve("back").toString()).ok();
    assertThat(folder.resolve("back")).hasContent("to and fro");
    Files.delete(folder.resolve("back"));
    Files.delete(there);
    Files.delete(folder);
  }

  private void forwards(Kubectl kubectl, String pod) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                kubectl.binary().toString(),
                "-n",
                kubectl.namespace(),
                "port-forward",
                pod,
                "18080:8080")
            .redirectErrorStream(true);
    builder.environment().putAll(Map.of("KUBECONFIG", Kapell.kubeconfig().toString()));
    Process forward = builder.start();
    try {
      forward.inputReader().readLine();
      Kapell.eventually(
          20, () -> assertThat(Page.tryGet("http://127.0.0.1:18080/index.html")).contains("two"));
    } finally {
      forward.destroy();
      forward.waitFor();
    }
  }

  private void deletes(Kubectl kubectl) {
    kubectl.run("delete", "deployment", "web", "--timeout=60s").ok();
    kubectl.run("wait", "--for=delete", "pods", "-l", "app=web", "--timeout=60s").ok();
    assertThat(kubectl.run("get", "rs", "-o", "name").ok()).isBlank();
  }
}
