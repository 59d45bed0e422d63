package dev.kapell.app.command;

import dev.kapell.app.server.OperationSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a server is operated: the names are those of kube-apiserver where it has them. */
final class OperationsMixin {
  @Option(
      names = "--encryption-provider-config",
      paramLabel = "FILE",
      description =
          "An EncryptionConfiguration that says what is encrypted at rest and with which keys"
              + " (default: Secrets, with a key that Kapell keeps in its data folder).")
  private @Nullable Path encryptionConfig;

  OperationSettings settings() {
    return new OperationSettings(Optional.ofNullable(encryptionConfig).map(Path::toAbsolutePath));
  }

  /** The same again, for the command line of a server in the background. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    add(arguments, "--encryption-provider-config", encryptionConfig);
    return arguments;
  }

  private static void add(List<String> arguments, String name, @Nullable Path value) {
    if (value != null) {
      arguments.addAll(List.of(name, value.toAbsolutePath().toString()));
    }
  }
}
