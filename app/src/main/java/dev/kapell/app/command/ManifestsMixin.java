package dev.kapell.app.command;

import dev.kapell.app.manifest.Manifest;
import dev.kapell.app.manifest.Manifests;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The manifests that a command is about. */
final class ManifestsMixin {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE|DIR",
      description = "Manifests; - for standard input.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR",
      description = "The same, as kubectl has it.")
  private List<String> files = new ArrayList<>();

  /** All of them; {@code verb} says in a refusal what they are for. */
  List<Manifest> read(String verb) {
    List<String> all = new ArrayList<>(paths);
    all.addAll(files);
    if (all.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "name a file or folder to " + verb + ", or - for standard input");
    }
    return Manifests.read(all, System.in);
  }
}
