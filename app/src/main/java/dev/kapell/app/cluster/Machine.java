package dev.kapell.app.cluster;

import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import dev.kapell.host.packages.InstallFailure;
import dev.kapell.host.packages.RuntimePackages;
import dev.kapell.host.packages.RuntimePackages.Findings;
import dev.kapell.host.packages.RuntimePrograms;
import dev.kapell.host.process.Processes;
import java.nio.file.Path;

/** What this machine has to have before anything can run on it. */
public final class Machine {
  private Machine() {}

  /** Fails unless we are root; {@code command} is what was tried. */
  public static void requireRoot(String command) {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new UserError(
          command
              + " needs root, since it runs containers and sets up their network; try: sudo "
              + command);
    }
  }

  /**
   * The programs that run containers; installs what is missing when {@code install}, else says how.
   */
  public static RuntimePrograms requirePackages(boolean install, Screen screen)
      throws InterruptedException {
    RuntimePackages packages = new RuntimePackages(Path.of("/"), Processes.ofThisMachine());
    return switch (packages.look()) {
      case Findings.Complete complete -> complete.programs();
      case Findings.Missing missing -> {
        if (!install) {
          throw new UserError(missing.message());
        }
        screen.line("installing " + String.join(", ", missing.packages()));
        try {
          yield packages.install(missing);
        } catch (InstallFailure e) {
          throw new UserError(e.getMessage());
        }
      }
    };
  }
}
