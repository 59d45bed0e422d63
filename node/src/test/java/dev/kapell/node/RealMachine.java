package dev.kapell.node;

import dev.kapell.base.Clock;
import dev.kapell.host.cgroup.Cgroups;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.packages.RuntimePackages;
import dev.kapell.host.packages.RuntimePrograms;
import dev.kapell.host.process.Command;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.CniBridge;
import dev.kapell.host.runtime.Containerd;
import dev.kapell.host.runtime.ContainerdSettings;
import dev.kapell.host.runtime.CriRuntime;
import dev.kapell.host.runtime.OwnImageLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** This machine with a containerd and a pod network of its own; nothing is left of it. */
final class RealMachine {
  private static final String BRIDGE = "kapnode0";

  private final Processes processes = Processes.ofThisMachine();
  private final ContainerdSettings settings;
  private final Containerd containerd;
  private final CriRuntime runtime;

  private RealMachine(RuntimePrograms programs) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("kapell-node-");
    settings = ContainerdSettings.detect(directory.resolve("cd"), programs, OwnImages.PAUSE);
    new CniBridge(BRIDGE, "10.98.8.0/24", 1400, directory.resolve("ipam"))
        .install(settings.cniConfigDirectory());
    containerd = Containerd.start(settings, processes, Clock.system());
    runtime = new CriRuntime(containerd.socket(), processes, Clock.system());
    new OwnImageLoader(runtime.images(), processes, "amd64").load(programs.busybox(), directory);
  }

  static RealMachine start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: containerd needs root");
    return switch (new RuntimePackages(Path.of("/"), Processes.ofThisMachine()).look()) {
      case RuntimePackages.Findings.Complete found -> new RealMachine(found.programs());
      case RuntimePackages.Findings.Missing missing ->
          Assumptions.abort("skipped: " + missing.message());
    };
  }

  CriRuntime runtime() {
    return runtime;
  }

  NodeOptions.Host host() {
    return new NodeOptions.Host(
        runtime, Cgroups.ofThisMachine(), Mounts.ofThisMachine(), Machine.ofThisMachine());
  }

  void tearDown() throws InterruptedException {
    runtime
        .listSandboxes()
        .forEach(
            sandbox -> {
              runtime.stopSandbox(sandbox.id());
              runtime.removeSandbox(sandbox.id());
            });
    runtime.close();
    containerd.stop();
    Containerd.wipe(settings, processes, Mounts.ofThisMachine());
    processes.run(Command.of("ip", "link", "delete", BRIDGE));
  }
}
