package dev.kapell.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.runtime.ContainerId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The agent on a real containerd, and what tests ask of its containers.
 *
 * @param data the agent's folder
 */
record RealNode(RealMachine machine, Cluster cluster, Path data) {
  static final String IMAGE = "kapell.local/toolbox:1";

  static RealNode start() throws IOException, InterruptedException {
    RealMachine machine = RealMachine.start();
    Path data = Files.createTempDirectory("kapell-agent-");
    return new RealNode(machine, new Cluster(machine.host(), data), data);
  }

  void close() throws InterruptedException {
    cluster.close();
    machine.tearDown();
    Mounts.ofThisMachine().unmountBelow(data);
  }

  static PodSpec spec(Container... containers) {
    return PodSpec.EMPTY.withContainers(List.of(containers)).withTerminationGracePeriodSeconds(1L);
  }

  /** One container, {@code app}. */
  static Container shell(String script) {
    return Cluster.container("app", IMAGE, "sh", "-c", script);
  }

  /** What {@code app} of a pod has written. */
  String log(String pod, String query) throws IOException {
    URI uri =
        URI.create(
            "http://127.0.0.1:"
                + cluster.running().port()
                + "/containerLogs/default/"
                + pod
                + "/app"
                + query);
    try (InputStream in = uri.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What a command in {@code app} of a pod says. */
  String exec(String podName, String... command) {
    Pod pod = cluster.pod(podName).orElseThrow();
    String id = Cluster.status(pod, "app").containerIDOr("").replace("containerd://", "");
    var result =
        machine.runtime().execSync(new ContainerId(id), List.of(command), Duration.ofSeconds(10));
    return result.stdoutText() + result.stderrText();
  }

  /** What a pod that has to succeed has written. */
  String outcome(String name, PodSpec spec) throws InterruptedException, IOException {
    cluster.create(name, spec.withRestartPolicy("Never"));
    Pod pod =
        cluster.await(name, p -> List.of("Succeeded", "Failed").contains(p.status().phaseOr("")));
    String text = log(name, "");
    assertThat(pod.status().phase()).as("log: " + text).isEqualTo("Succeeded");
    cluster.delete(name, 1);
    cluster.awaitGone(name);
    return text;
  }
}
