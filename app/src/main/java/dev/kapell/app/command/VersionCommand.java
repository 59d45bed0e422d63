package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.UnreachableException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kapell version}. */
@Command(
    name = "version",
    description = "Prints the version of this program and of the running server.")
final class VersionCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options = new ClusterOptions();

  /** Of this program; the jar's manifest has it. */
  static String own() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  @Override
  public Integer call() {
    System.out.println("kapell " + own() + " (Java " + Runtime.version().feature() + ")");
    try (Connection connection = options.cluster().connect()) {
      Connection.Answer answer = connection.get("/version", "application/json");
      System.out.println("server " + Tree.text(JsonCodec.readTree(answer.body()), "gitVersion"));
    } catch (UserError | UnreachableException e) {
      System.out.println("server not running");
    }
    return 0;
  }
}
