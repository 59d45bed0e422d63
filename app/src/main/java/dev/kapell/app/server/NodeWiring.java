package dev.kapell.app.server;

import dev.kapell.apiserver.pki.Issued;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.serving.ApiServer;
import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.terminal.UserError;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.host.cgroup.Cgroups;
import dev.kapell.host.image.OwnImages;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.net.HostNetwork;
import dev.kapell.host.packages.RuntimePackages;
import dev.kapell.host.packages.RuntimePackages.Findings;
import dev.kapell.host.packages.RuntimePrograms;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.Containerd;
import dev.kapell.host.runtime.ContainerdSettings;
import dev.kapell.host.runtime.CriRuntime;
import dev.kapell.host.runtime.OwnImageLoader;
import dev.kapell.network.NetworkAgent;
import dev.kapell.node.NodeAgent;
import dev.kapell.node.NodeOptions;
import dev.kapell.node.self.NodeIdentity;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * This machine as a node: container runtime, node agent, network. {@link #prepare} starts what
 * needs time and no API; {@link #join} the rest. Closing leaves the container runtime and the pods
 * running.
 *
 * <p>It touches the machine through its {@link Ground} only, so a start can be rehearsed on
 * another.
 */
final class NodeWiring implements AutoCloseable {
  /** Every container of ours lives below this control group. */
  static final String CGROUP_ROOT = "/kubepods";

  private static final System.Logger LOG = System.getLogger("kapell.app");

  private static final int MAX_PODS = 110;
  private static final String VERSION = "v1.36.0+kapell";

  private final ServerSettings settings;
  private final Clock clock;
  private final Ground ground;
  private final Parts parts = new Parts();
  private final TaskScope scope =
      new TaskScope(
          "node", (task, cause) -> LOG.log(Level.ERROR, "task=" + task + " failed", cause));

  /**
   * What a node stands on.
   *
   * @param dns the address at which its DNS listens
   */
  record Ground(NodeOptions.Host host, HostNetwork network, InetAddress dns) {}

  /** A node on {@code ground}; nothing is started yet. */
  NodeWiring(ServerSettings settings, Clock clock, Ground ground) {
    this.settings = settings;
    this.clock = clock;
    this.ground = ground;
  }

  /**
   * Starts the container runtime and has it load Kapell's own images, both while the API starts.
   */
  static NodeWiring prepare(ServerSettings settings, Clock clock) throws InterruptedException {
    Processes processes = Processes.ofThisMachine();
    RuntimePrograms programs = programs(processes);
    if (!settings.runtimeSocket().isEmpty()) {
      NodeWiring wiring = on(Path.of(settings.runtimeSocket()), settings, clock, processes);
      wiring.loadImages(programs, processes);
      return wiring;
    }
    ContainerdSettings containerdSettings =
        ContainerdSettings.detect(settings.dataDir().containerd(), programs, OwnImages.PAUSE);
    Containerd containerd = Containerd.start(containerdSettings, processes, clock);
    NodeWiring wiring = on(containerd.socket(), settings, clock, processes);
    wiring.parts.keep(containerd);
    wiring.loadImages(programs, processes);
    return wiring;
  }

  /** This machine, with the runtime that answers at {@code socket}. */
  private static NodeWiring on(
      Path socket, ServerSettings settings, Clock clock, Processes processes) {
    CriRuntime runtime = new CriRuntime(socket, processes, clock);
    NodeWiring wiring =
        new NodeWiring(
            settings,
            clock,
            new Ground(
                new NodeOptions.Host(
                    runtime,
                    Cgroups.ofThisMachine(),
                    Mounts.ofThisMachine(),
                    Machine.ofThisMachine()),
                HostNetwork.ofThisMachine(processes),
                ClusterNetwork.DNS));
    wiring.parts.keep(runtime);
    return wiring;
  }

  private static RuntimePrograms programs(Processes processes) {
    return switch (new RuntimePackages(Path.of("/"), processes).look()) {
      case Findings.Complete complete -> complete.programs();
      case Findings.Missing missing -> throw new UserError(missing.message());
    };
  }

  private void loadImages(RuntimePrograms programs, Processes processes) {
    scope.start(
        "own-images",
        () -> {
          Path scratch = Files.createDirectories(settings.dataDir().run());
          List<String> loaded =
              new OwnImageLoader(
                      ground.host().runtime().images(),
                      processes,
                      ground.host().machine().info().architecture())
                  .load(programs.busybox(), scratch);
          if (!loaded.isEmpty()) {
            LOG.log(Level.INFO, "images loaded names={0}", String.join(",", loaded));
          }
        });
  }

  /** Registers the node and starts to run its pods. */
  void join(ApiServer api, Caches caches, String address) throws IOException {
    DataDir dataDir = settings.dataDir();
    User user =
        new User(
            "system:node:" + settings.nodeName(),
            "",
            List.of("system:nodes", "system:authenticated"),
            Map.of());
    Client client = api.client(user, "kapell-agent");
    NetworkAgent network =
        NetworkAgent.start(
            ClusterNetwork.options(dataDir, settings.nodeName(), ground.dns()),
            ground.network(),
            caches,
            clock);
    parts.keep(network);
    NodeIdentity identity =
        new NodeIdentity(
            settings.nodeName(),
            List.of(address),
            Map.of(),
            settings.agentPort(),
            MAX_PODS,
            VERSION);
    Issued shown = api.pki().node(settings.nodeName(), List.of(address));
    NodeOptions options =
        new NodeOptions(
            identity,
            client,
            caches,
            ground.host(),
            dataDir.node(),
            new NodeOptions.ClusterNetwork(
                List.of(ground.dns().getHostAddress()), ClusterNetwork.DOMAIN),
            "0.0.0.0",
            Optional.of(shown.trusting(api.pki().caPem())),
            clock);
    NodeAgent agent = parts.keep(NodeAgent.start(options));
    api.renewal()
        .keep(
            "node",
            () -> api.pki().node(settings.nodeName(), List.of(address)),
            shown,
            issued -> agent.show(issued.trusting(api.pki().caPem())));
  }

  @Override
  public void close() {
    scope.close();
    parts.close();
  }
}
