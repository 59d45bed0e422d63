package dev.kapell.host.packages;

import dev.kapell.host.process.Command;
import dev.kapell.host.process.CommandResult;
import dev.kapell.host.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the programs that run containers, and installs the packages of those that are missing. */
public final class RuntimePackages {
  private static final List<Path> PROGRAM_DIRECTORIES =
      List.of(
          Path.of("usr/local/sbin"),
          Path.of("usr/local/bin"),
          Path.of("usr/sbin"),
          Path.of("usr/bin"),
          Path.of("sbin"),
          Path.of("bin"));

  /** A directory counts when it holds the bridge plugin. */
  private static final List<Path> CNI_DIRECTORIES =
      List.of(
          Path.of("opt/cni/bin"),
          Path.of("usr/lib/cni"),
          Path.of("usr/libexec/cni"),
          Path.of("usr/lib64/cni"));

  private static final List<String> BUSYBOX = List.of("busybox", "busybox.static");
  private static final String PLUGINS = "CNI plugins";
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(10);

  private final Path root;
  private final Processes processes;

  /** The machine below {@code root}: {@code /}, but for tests. */
  public RuntimePackages(Path root, Processes processes) {
    this.root = root;
    this.processes = processes;
  }

  /** What {@link #look} found. */
  public sealed interface Findings {
    /** All is there. */
    record Complete(RuntimePrograms programs) implements Findings {}

    /**
     * Something is missing.
     *
     * @param programs what, in words
     * @param packages what would bring them, empty on a machine whose package manager we do not
     *     know
     * @param command what would install them, empty likewise
     */
    record Missing(List<String> programs, List<String> packages, List<String> command)
        implements Findings {
      /** One sentence for a person, with what to do. */
      public String message() {
        String what = "to run containers this machine lacks " + String.join(", ", programs);
        return command.isEmpty()
            ? what + "; install them with the system's package manager"
            : what + "; install with: " + String.join(" ", command);
      }
    }
  }

  /** Looks for every program. Takes a few milliseconds. */
  public Findings look() {
    List<String> missing = new ArrayList<>();
    RuntimePrograms found =
        new RuntimePrograms(
            require("containerd", missing),
            require("ctr", missing),
            require("runc", missing),
            plugins().orElseGet(() -> none(PLUGINS, missing)),
            require("nft", missing),
            require("ip", missing),
            require("conntrack", missing),
            busybox().orElseGet(() -> none("a static busybox", missing)));
    if (missing.isEmpty()) {
      return new Findings.Complete(found);
    }
    return PackageManager.of(this::program)
        .map(
            manager -> {
              Set<String> packages = new LinkedHashSet<>();
              missing.forEach(program -> packages.add(manager.packageOf(program)));
              List<String> names = List.copyOf(packages);
              return new Findings.Missing(missing, names, manager.command(names));
            })
        .orElseGet(() -> new Findings.Missing(missing, List.of(), List.of()));
  }

  /**
   * Installs what is missing. Needs root, and somebody's consent, which is the caller's to get.
   *
   * @throws InstallFailure in words, with what to do
   */
  public RuntimePrograms install(Findings.Missing missing) throws InterruptedException {
    if (missing.command().isEmpty()) {
      throw new InstallFailure(missing.message());
    }
    PackageManager manager =
        PackageManager.of(this::program).orElseThrow(() -> new InstallFailure(missing.message()));
    for (List<String> step : manager.steps(missing.packages())) {
      CommandResult result =
          processes.run(
              Command.of(step)
                  .withEnvironment(Map.of("DEBIAN_FRONTEND", "noninteractive"))
                  .withLimit(INSTALL_LIMIT));
      if (result.exitCode() != 0) {
        String said = result.stderr().isBlank() ? result.stdout() : result.stderr();
        throw new InstallFailure(
            String.join(" ", step) + " failed: " + said.strip() + "\n" + missing.message());
      }
    }
    return switch (look()) {
      case Findings.Complete complete -> complete.programs();
      case Findings.Missing still -> throw new InstallFailure(still.message());
    };
  }

  private Path require(String name, List<String> missing) {
    return program(name).orElseGet(() -> none(name, missing));
  }

  private static Path none(String what, List<String> missing) {
    missing.add(what);
    return Path.of("/nonexistent");
  }

  private Optional<Path> program(String name) {
    return PROGRAM_DIRECTORIES.stream()
        .map(directory -> root.resolve(directory).resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Optional<Path> plugins() {
    return CNI_DIRECTORIES.stream()
        .map(root::resolve)
        .filter(directory -> Files.isExecutable(directory.resolve("bridge")))
        .findFirst();
  }

  private Optional<Path> busybox() {
    return BUSYBOX.stream()
        .flatMap(name -> program(name).stream())
        .filter(RuntimePackages::isStatic)
        .findFirst();
  }

  /** A program without a PT_INTERP header needs no dynamic loader. */
  private static boolean isStatic(Path program) {
    try {
      return !ElfHeader.read(program).needsInterpreter();
    } catch (IOException e) {
      return false; // Not readable is as good as not there.
    }
  }
}
