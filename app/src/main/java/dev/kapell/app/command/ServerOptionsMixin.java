package dev.kapell.app.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * What can be said about a server, at {@code kapell server} and, when it starts one, at {@code
 * kapell up}.
 */
final class ServerOptionsMixin {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6443",
      description = "Port of the API (default: ${DEFAULT-VALUE}).")
  private int port = 6443;

  @Option(
      names = "--agent-port",
      paramLabel = "PORT",
      defaultValue = "10250",
      description = "Port of the node agent (default: ${DEFAULT-VALUE}).")
  private int agentPort = 10250;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0",
      description = "Address that the API listens on (default: ${DEFAULT-VALUE}).")
  private String bind = "0.0.0.0";

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      defaultValue = "",
      description = "This machine's node name (default: its host name).")
  private String nodeName = "";

  @Option(names = "--no-node", description = "Only the control plane: this machine runs no pods.")
  private boolean noNode;

  @Option(
      names = "--container-runtime-endpoint",
      paramLabel = "SOCKET",
      defaultValue = "",
      description = "A CRI socket to use instead of a containerd of Kapell's own.")
  private String runtimeSocket = "";

  int port() {
    return port;
  }

  int agentPort() {
    return agentPort;
  }

  String bind() {
    return bind;
  }

  String nodeName() {
    return nodeName;
  }

  boolean noNode() {
    return noNode;
  }

  String runtimeSocket() {
    return runtimeSocket;
  }

  /** The same again, for the command line of a server in the background. */
  List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of("--port", "" + port, "--agent-port", "" + agentPort, "--bind", bind));
    if (!nodeName.isEmpty()) {
      arguments.addAll(List.of("--node-name", nodeName));
    }
    if (noNode) {
      arguments.add("--no-node");
    }
    if (!runtimeSocket.isEmpty()) {
      arguments.addAll(List.of("--container-runtime-endpoint", runtimeSocket));
    }
    return arguments;
  }
}
