package dev.kapell.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kapell.app.Main;
import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.server.OperationSettings;
import dev.kapell.app.server.Server;
import dev.kapell.app.server.ServerSettings;
import dev.kapell.host.net.HostNetwork;
import dev.kapell.host.process.Command;
import dev.kapell.host.process.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rehearsed server runs pods as far as a client can tell, and leaves the machine as it is. */
class RehearsalTest {
  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - name: main
              image: kapell.local/toolbox:1
              command: [httpd]
              readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
              volumeMounts: [{name: own, mountPath: /own}]
            volumes: [{name: own, emptyDir: {}}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
      """;

  private final Processes processes = Processes.ofThisMachine();

  @TempDir Path folder;

  @Test
  void podsRunAndTheMachineIsLeftAlone() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "DNS listens on a port of root's");
    List<String> before = machine();
    ServerSettings settings =
        new ServerSettings(
            new DataDir(folder),
            "127.0.0.1",
            0,
            0,
            "rehearsal",
            true,
            "",
            OperationSettings.defaults());
    try (Server _ = Server.rehearse(settings)) {
      Path manifests = Files.writeString(folder.resolve("web.yaml"), WEB);
      int code = Main.run("apply", "--wait", "--data-dir", folder.toString(), manifests.toString());

      assertThat(code).isZero();
      assertThat(machine()).isEqualTo(before);
    }
  }

  /** Its interfaces with their addresses, and its tables of packet rules. */
  private List<String> machine() throws InterruptedException {
    String links = HostNetwork.ofThisMachine(processes).links().list().toString();
    return List.of(links, processes.require(Command.of("nft", "list", "tables")));
  }
}
