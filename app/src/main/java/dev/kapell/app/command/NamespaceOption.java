package dev.kapell.app.command;

import picocli.CommandLine.Option;

/** {@code -n NAMESPACE}. */
final class NamespaceOption {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "The namespace (default: ${DEFAULT-VALUE}).",
      defaultValue = "default")
  private String namespace = "default";

  String namespace() {
    return namespace;
  }
}
