package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code -o json}. */
final class JsonOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  private boolean wanted;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "json: for scripts.")
  void form(String form) {
    if (!form.equals("json")) {
      throw new ParameterException(command.commandLine(), "-o takes json");
    }
    wanted = true;
  }

  /** Whether a script reads what the command prints. */
  boolean isWanted() {
    return wanted;
  }

  /** Prints a tree as JSON. */
  static void print(Object tree) {
    System.out.println(new String(JsonCodec.writeTree(tree), StandardCharsets.UTF_8));
  }
}
