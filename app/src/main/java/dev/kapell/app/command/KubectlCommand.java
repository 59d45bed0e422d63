package dev.kapell.app.command;

import dev.kapell.app.terminal.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kapell kubectl …}: the kubectl on the path, pointed at this cluster. */
@Command(
    name = "kubectl",
    description = "Runs your kubectl against this cluster (KAPELL_DATA_DIR names another one).")
final class KubectlCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "ARGUMENT")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    String dataDir = System.getenv().getOrDefault("KAPELL_DATA_DIR", "/var/lib/kapell");
    Path kubeconfig = Path.of(dataDir, "admin.kubeconfig");
    if (!Files.isReadable(kubeconfig)) {
      throw new UserError(
          "no cluster here (" + kubeconfig + " cannot be read); start one with: kapell up");
    }
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    try {
      return builder.start().waitFor();
    } catch (IOException e) {
      throw new UserError(
          "there is no kubectl on the PATH; install one, or use kapell's own get, apply, logs, exec");
    }
  }
}
