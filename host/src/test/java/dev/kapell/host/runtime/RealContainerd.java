package dev.kapell.host.runtime;

import dev.kapell.base.Clock;
import dev.kapell.host.file.DirectoryTree;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.packages.RuntimePackages;
import dev.kapell.host.packages.RuntimePrograms;
import dev.kapell.host.process.Command;
import dev.kapell.host.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A containerd of its own with a pod network of its own, for tests; nothing is left of it. */
final class RealContainerd {
  private static final String BRIDGE = "kaptest0";

  final Processes processes = Processes.ofThisMachine();
  final Clock clock = Clock.system();
  final Path directory;
  final ContainerdSettings settings;
  private Containerd containerd;
  private CriRuntime runtime;

  RealContainerd() throws IOException, InterruptedException {
    RuntimePrograms programs = programs(processes);
    directory = Files.createTempDirectory("kapell-host-");
    settings = ContainerdSettings.detect(directory.resolve("cd"), programs, OwnImages.PAUSE);
    new CniBridge(BRIDGE, "10.98.7.0/24", 1400, directory.resolve("ipam"))
        .install(settings.cniConfigDirectory());
    containerd = Containerd.start(settings, processes, clock);
    runtime = new CriRuntime(containerd.socket(), processes, clock);
    new OwnImageLoader(runtime.images(), processes, "amd64").load(programs.busybox(), directory);
  }

  static RuntimePrograms programs(Processes processes) {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "skipped: containerd needs root");
    return switch (new RuntimePackages(Path.of("/"), processes).look()) {
      case RuntimePackages.Findings.Complete found -> withOther(found.programs());
      case RuntimePackages.Findings.Missing missing ->
          Assumptions.abort("skipped: " + missing.message());
    };
  }

  /** Another version of containerd, named by {@code -Dkapell.containerd=PATH}. */
  private static RuntimePrograms withOther(RuntimePrograms found) {
    String other = System.getProperty("kapell.containerd", "");
    return other.isEmpty()
        ? found
        : new RuntimePrograms(
            Path.of(other),
            found.ctr(),
            found.runc(),
            found.cniPlugins(),
            found.nft(),
            found.ip(),
            found.conntrack(),
            found.busybox());
  }

  Containerd containerd() {
    return containerd;
  }

  CriRuntime runtime() {
    return runtime;
  }

  /** As if our process had died and come back. */
  void restartOurselves() throws InterruptedException {
    runtime.close();
    containerd.close();
    containerd = Containerd.start(settings, processes, clock);
    runtime = new CriRuntime(containerd.socket(), processes, clock);
  }

  void tearDown() throws IOException, InterruptedException {
    for (SandboxSummary sandbox : runtime.listSandboxes()) {
      runtime.stopSandbox(sandbox.id());
      runtime.removeSandbox(sandbox.id());
    }
    runtime.close();
    containerd.stop();
    Containerd.wipe(settings, processes, Mounts.ofThisMachine());
    DirectoryTree.delete(directory);
    removeBridge();
  }

  void removeBridge() throws InterruptedException {
    processes.run(Command.of("ip", "link", "delete", BRIDGE));
  }
}
