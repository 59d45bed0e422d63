package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.UnreachableException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kapell version}. */
@Command(
    name = "version",
    description = "Prints the version of this program and of the running server.")
final class VersionCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private JsonOption json = new JsonOption();

  /** Of this program; the jar's manifest has it. */
  static String own() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  @Override
  public Integer call() {
    String server = "";
    try (Connection connection = options.cluster().connect()) {
      Connection.Answer answer = connection.get("/version", "application/json");
      server = Tree.text(JsonCodec.readTree(answer.body()), "gitVersion");
    } catch (UserError | UnreachableException e) {
      // A program without a server has a version, too.
    }
    String java = "" + Runtime.version().feature();
    if (json.isWanted()) {
      JsonOption.print(Map.of("kapell", own(), "java", java, "server", server));
    } else {
      System.out.println("kapell " + own() + " (Java " + java + ")");
      System.out.println("server " + (server.isEmpty() ? "not running" : server));
    }
    return 0;
  }
}
