package dev.kapell.app.server;

import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.terminal.UserError;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.host.cgroup.CgroupPath;
import dev.kapell.host.cgroup.Cgroups;
import dev.kapell.host.file.DirectoryTree;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.net.HostNetwork;
import dev.kapell.host.packages.RuntimePackages;
import dev.kapell.host.packages.RuntimePackages.Findings;
import dev.kapell.host.packages.RuntimePrograms;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.ContainerState;
import dev.kapell.host.runtime.ContainerSummary;
import dev.kapell.host.runtime.Containerd;
import dev.kapell.host.runtime.ContainerdSettings;
import dev.kapell.host.runtime.CriRuntime;
import dev.kapell.network.NetworkAgent;
import dev.kapell.node.config.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes a cluster off this machine: pods, container runtime, network, cgroups, mounts, and on
 * demand its data. Repeatable.
 */
public final class Teardown {
  private final DataDir dataDir;
  private final Processes processes = Processes.ofThisMachine();

  private Teardown(DataDir dataDir) {
    this.dataDir = dataDir;
  }

  /** Of the cluster in {@code dataDir}, whose server does not run any more. */
  public static Teardown of(DataDir dataDir) {
    return new Teardown(dataDir);
  }

  /**
   * Does it.
   *
   * @param purge also removes the data folder
   * @param grace the longest that a container gets between its signal and its end; a pod's own
   *     shorter one holds
   */
  public void run(boolean purge, Duration grace) throws InterruptedException {
    if (!Files.exists(dataDir.root())) {
      return;
    }
    try {
      if (new RuntimePackages(Path.of("/"), processes).look()
          instanceof Findings.Complete complete) {
        removePods(complete.programs(), grace);
      }
      NetworkAgent.remove(
          ClusterNetwork.options(dataDir, ""), HostNetwork.ofThisMachine(processes));
      Mounts.ofThisMachine().unmountBelow(dataDir.node());
      removeCgroups(Cgroups.ofThisMachine(), new CgroupPath(NodeWiring.CGROUP_ROOT));
      if (purge) {
        removeData(Mounts.ofThisMachine());
      }
    } catch (IOException e) {
      throw new UserError("could not take everything down: " + e.getMessage());
    }
  }

  /** A folder that is a mount point itself is emptied and stays; what others mounted in it, too. */
  private void removeData(Mounts mounts) throws IOException {
    List<Mounts.MountPoint> foreign = mounts.inside(dataDir.root());
    if (!foreign.isEmpty()) {
      throw new UserError(
          "the data is kept: Kapell did not mount "
              + foreign.getFirst().target()
              + "; unmount it and run kapell down --purge again");
    }
    if (mounts.isMountPoint(dataDir.root().toAbsolutePath().normalize())) {
      DirectoryTree.empty(dataDir.root());
    } else {
      DirectoryTree.delete(dataDir.root());
    }
  }

  private void removePods(RuntimePrograms programs, Duration grace) throws InterruptedException {
    ContainerdSettings settings =
        ContainerdSettings.detect(dataDir.containerd(), programs, OwnImages.PAUSE);
    if (!Files.exists(settings.directory())) {
      return;
    }
    Containerd containerd = Containerd.start(settings, processes, Clock.system());
    try (ContainerRuntime runtime = new CriRuntime(settings.socket(), processes, Clock.system())) {
      stopContainers(runtime, grace);
      removeSandboxes(runtime);
    }
    containerd.stop();
    Mounts.ofThisMachine().unmountBelow(settings.directory());
  }

  /** All at once: nobody is left who could need another. */
  private static void stopContainers(ContainerRuntime runtime, Duration most)
      throws InterruptedException {
    inParallel(
        "could not stop every container",
        runtime.listContainers().stream()
            .filter(container -> container.state() == ContainerState.RUNNING)
            .toList(),
        ContainerSummary::name,
        container -> {
          Duration own = Labels.grace(container.annotations());
          String signal = container.annotations().getOrDefault(Labels.STOP_SIGNAL, "");
          runtime.stopContainer(container.id(), own.compareTo(most) < 0 ? own : most, signal);
        });
  }

  private static void removeSandboxes(ContainerRuntime runtime) throws InterruptedException {
    inParallel(
        "could not remove every pod",
        runtime.listSandboxes(),
        sandbox -> sandbox.pod().name(),
        sandbox -> {
          runtime.stopSandbox(sandbox.id());
          runtime.removeSandbox(sandbox.id());
        });
  }

  private static <T> void inParallel(
      String complaint, List<T> all, Function<T, String> name, Consumer<T> action)
      throws InterruptedException {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    try (TaskScope scope =
        new TaskScope(
            "teardown", (task, cause) -> failures.add(task + ": " + cause.getMessage()))) {
      List<Thread> threads = new ArrayList<>();
      for (T one : all) {
        threads.add(scope.start(name.apply(one), () -> action.accept(one)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    if (!failures.isEmpty()) {
      throw new UserError(complaint + ": " + String.join("; ", failures));
    }
  }

  /** Children first; a group that is not there is as good as removed. */
  private static void removeCgroups(Cgroups cgroups, CgroupPath group) {
    if (!cgroups.exists(group)) {
      return;
    }
    for (String child : cgroups.children(group)) {
      removeCgroups(cgroups, group.child(child));
    }
    cgroups.remove(group);
  }
}
