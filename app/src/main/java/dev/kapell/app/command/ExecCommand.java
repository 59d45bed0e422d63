package dev.kapell.app.command;

import dev.kapell.app.cluster.ExecSession;
import dev.kapell.app.manifest.Refusal;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import dev.kapell.client.http.Connection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kapell exec POD|KIND/NAME -- COMMAND…}. Its exit code is the command's. */
@Command(name = "exec", description = "Runs a command in a pod's container.")
final class ExecCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = {"-c", "--container"},
      paramLabel = "CONTAINER",
      description = "Which container.")
  private String container = "";

  @Option(
      names = {"-i", "--stdin"},
      description = "Pass standard input on.")
  private boolean stdin;

  @Option(
      names = {"-t", "--tty"},
      description = "Give it a terminal.")
  private boolean tty;

  @Parameters(
      index = "0",
      paramLabel = "POD|KIND/NAME",
      description = "Of a workload, its first pod.")
  private String pod = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND")
  private List<String> command = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    StringBuilder query =
        new StringBuilder("/exec?stdout=true&stderr=")
            .append(!tty)
            .append("&stdin=")
            .append(stdin)
            .append("&tty=")
            .append(tty);
    if (!container.isEmpty()) {
      query.append("&container=").append(container);
    }
    command.forEach(
        word -> query.append("&command=").append(URLEncoder.encode(word, StandardCharsets.UTF_8)));
    if (tty && !Screen.isTerminal()) {
      throw new UserError("-t needs a terminal");
    }
    try (Connection connection = options.cluster().connect()) {
      String name = new PodTarget(namespace.namespace(), pod).all(connection).getFirst();
      String there = "/api/v1/namespaces/" + namespace.namespace() + "/pods/" + name;
      // A refused WebSocket has a code, but no sentence: ask for the pod first.
      Connection.Answer found = connection.get(there, "application/json");
      if (!found.isSuccess()) {
        throw new UserError(Refusal.message(found));
      }
      return ExecSession.run(connection, there + query, stdin, tty);
    }
  }
}
