package dev.kapell.app.server;

import dev.kapell.base.Clock;
import dev.kapell.host.cgroup.SimulatedCgroups;
import dev.kapell.host.image.OciArchive;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.mount.SimulatedMounts;
import dev.kapell.host.net.HostNetwork;
import dev.kapell.host.net.NetworkFailure;
import dev.kapell.host.net.SimulatedNetwork;
import dev.kapell.host.packages.RuntimePackages;
import dev.kapell.host.process.CommandFailure;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.ContainerSpec;
import dev.kapell.host.runtime.CriRuntime;
import dev.kapell.host.runtime.PodIdentity;
import dev.kapell.host.runtime.RuntimeEvent;
import dev.kapell.host.runtime.RuntimeListener;
import dev.kapell.host.runtime.SandboxId;
import dev.kapell.host.runtime.SandboxSpec;
import dev.kapell.host.runtime.SilentRuntime;
import dev.kapell.host.runtime.SimulatedRuntime;
import dev.kapell.node.NodeOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A node for a rehearsal: the real agents on a ground in memory. What that leaves out, the roads to
 * a container runtime and to the programs of the network, is gone once by {@link #tryRoads}.
 */
final class RehearsedNode {
  private static final System.Logger LOG = System.getLogger("kapell.app");

  /** Loopback takes every address of its range; this one nobody listens at. */
  private static final InetAddress DNS = InetAddress.ofLiteral("127.43.0.10");

  private RehearsedNode() {}

  static NodeWiring prepare(ServerSettings settings, Clock clock)
      throws IOException, InterruptedException {
    Processes processes = Processes.ofThisMachine();
    tryRoads(settings.dataDir().run().resolve("silent.sock"), processes, clock);
    return new NodeWiring(
        settings,
        clock,
        new NodeWiring.Ground(
            new NodeOptions.Host(
                new SimulatedRuntime(clock),
                new SimulatedCgroups(),
                new SimulatedMounts(),
                Machine.ofThisMachine(),
                Optional.of(target -> true)),
            new SimulatedNetwork().doors(),
            DNS));
  }

  private static void tryRoads(Path socket, Processes processes, Clock clock)
      throws IOException, InterruptedException {
    try (SilentRuntime _ = SilentRuntime.listen(socket);
        CriRuntime runtime = new CriRuntime(socket, processes, clock)) {
      runPod(runtime, socket.resolveSibling("logs"));
    }
    writeImages(socket.resolveSibling("images.tar"));
    try {
      new RuntimePackages(Path.of("/"), processes).look();
      HostNetwork.ofThisMachine(processes).links().list();
    } catch (NetworkFailure | CommandFailure e) {
      LOG.log(Level.DEBUG, "no rehearsal of other programs", e);
    }
  }

  private static void writeImages(Path file) throws IOException {
    String architecture = Machine.ofThisMachine().info().architecture();
    OciArchive archive = new OciArchive();
    archive.add(OwnImages.pause(architecture));
    archive.add(OwnImages.toolbox(architecture, new byte[0], List.of("sh")));
    archive.writeTo(file);
  }

  /** Every call of a pod's life, to a runtime that does nothing. */
  private static void runPod(ContainerRuntime runtime, Path logs) throws InterruptedException {
    CountDownLatch subscribed = new CountDownLatch(1);
    try (ContainerRuntime.Subscription _ = runtime.subscribe(untilIt(subscribed))) {
      subscribed.await();
      runtime.status();
      runtime.updatePodRange(ClusterNetwork.NODE_PODS.toString());
      runtime.images().list();
      runtime.images().find(OwnImages.PAUSE);
      runtime.images().usage();
      SandboxSpec spec =
          SandboxSpec.builder(new PodIdentity("default", "rehearsal", "1", 0), logs).build();
      SandboxId sandbox = runtime.runSandbox(spec);
      runtime.sandboxStatus(sandbox);
      ContainerId container =
          runtime.createContainer(
              sandbox, spec, ContainerSpec.builder("main", 0, OwnImages.TOOLBOX).build());
      runtime.startContainer(container);
      runtime.containerStatus(container);
      runtime.listContainers(sandbox);
      runtime.stats();
      runtime.listSandboxes();
      runtime.listContainers();
    }
  }

  private static RuntimeListener untilIt(CountDownLatch subscribed) {
    return new RuntimeListener() {
      @Override
      public void event(RuntimeEvent event) {
        // the silent runtime tells none
      }

      @Override
      public void resync(String reason) {
        subscribed.countDown();
      }
    };
  }
}
