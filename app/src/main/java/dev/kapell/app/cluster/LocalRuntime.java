package dev.kapell.app.cluster;

import dev.kapell.app.terminal.UserError;
import dev.kapell.base.Clock;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.CriRuntime;
import java.nio.file.Files;
import java.nio.file.Path;

/** The running cluster's container runtime, for commands that talk to it directly. */
public final class LocalRuntime {
  private LocalRuntime() {}

  /** Connects to Kapell's own containerd. */
  public static ContainerRuntime connect(DataDir dataDir) {
    Path socket = dataDir.containerd().resolve("c.sock");
    if (!Files.exists(socket)) {
      throw new UserError(
          "the container runtime does not run (no " + socket + "); start it with: kapell up");
    }
    return new CriRuntime(socket, Processes.ofThisMachine(), Clock.system());
  }
}
