package dev.kapell.app.server;

import dev.kapell.apiserver.audit.AuditOptions;
import dev.kapell.apiserver.audit.Policy;
import dev.kapell.apiserver.encryption.Encryption;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.serving.ApiServer;
import dev.kapell.apiserver.serving.ApiServerOptions;
import dev.kapell.apiserver.serving.Operations;
import dev.kapell.apiserver.tracing.TracingOptions;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.scheduling.SchedulerFile;
import dev.kapell.app.terminal.UserError;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.controllers.ControllerOptions;
import dev.kapell.controllers.Controllers;
import dev.kapell.foresight.Foreseeing;
import dev.kapell.host.machine.Machine;
import dev.kapell.scheduler.Scheduler;
import dev.kapell.scheduler.SchedulerOptions;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Everything of one server process, started in the order in which it is needed and closed in the
 * reverse one. Pods go on when it closes.
 */
public final class Server implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.app");

  private final ServerSettings settings;
  private final Nodes nodes;
  private final Clock clock = Clock.system();
  private final Randomness randomness = Randomness.secure();
  private final Parts parts = new Parts();
  private Optional<ApiServer> serving = Optional.empty();

  private Server(ServerSettings settings, Nodes nodes) {
    this.settings = settings;
    this.nodes = nodes;
  }

  /** Where this server's node comes from. */
  @FunctionalInterface
  private interface Nodes {
    NodeWiring prepare(ServerSettings settings, Clock clock)
        throws IOException, InterruptedException;
  }

  /** Starts everything; returns when the API answers. The node becomes ready a moment later. */
  public static Server start(ServerSettings settings) throws InterruptedException {
    return start(settings, NodeWiring::prepare);
  }

  /**
   * The same with a node that only pretends: its pods are taken for running, and nothing of this
   * machine is touched but the server's own folder and two addresses of loopback.
   */
  public static Server rehearse(ServerSettings settings) throws InterruptedException {
    return start(settings, RehearsedNode::prepare);
  }

  private static Server start(ServerSettings settings, Nodes nodes) throws InterruptedException {
    Server server = new Server(settings, nodes);
    try {
      server.start();
      return server;
    } catch (StoreException e) {
      server.close();
      throw new UserError(e.getMessage());
    } catch (IOException e) {
      server.close();
      throw new UserError("cannot start in " + settings.dataDir().root() + ": " + e.getMessage());
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void start() throws IOException, InterruptedException {
    DataDir dataDir = settings.dataDir();
    requireFree(settings.bind(), settings.port(), "--port");
    if (settings.runsPods()) {
      requireFree("0.0.0.0", settings.agentPort(), "--agent-port");
    }
    Files.createDirectories(dataDir.run());
    Optional<NodeWiring> node =
        settings.runsPods()
            ? Optional.of(parts.keep(nodes.prepare(settings, clock)))
            : Optional.empty();
    Encryption encryption = StateFile.encryption(dataDir, settings.operations().encryptionConfig());
    Store store = parts.keep(StateFile.open(dataDir, encryption));
    ApiServer api =
        parts.keep(
            start(
                new ApiServerOptions(
                    dataDir.pki(),
                    settings.bind(),
                    settings.port(),
                    address(),
                    List.of(settings.nodeName()),
                    store,
                    clock,
                    randomness,
                    operations(encryption))));
    serving = Optional.of(api);
    publishKubeconfig(api);
    api.renewal()
        .keep("admin", api.pki()::admin, api.pki().admin(), issued -> publishKubeconfig(api));
    announceReady();
    Client client = api.client(User.SYSTEM, "kapell");
    Caches caches = parts.keep(new Caches(client, clock));
    if (node.isPresent()) {
      node.get().join(api, caches, address());
    }
    Controllers controllers =
        parts.keep(
            Controllers.start(
                new ControllerOptions(
                    client,
                    caches,
                    clock,
                    settings.nodeName(),
                    api.pki()::caPem,
                    api::customTypes,
                    new ServedMetrics(api.reads()))));
    api.renewal().tell("pods", controllers::authorityChanged);
    QueueMetrics.register(api.meters(), controllers::loops);
    parts.keep(startScheduler(api, client, caches));
  }

  private static ApiServer start(ApiServerOptions options) throws IOException {
    try {
      return ApiServer.start(options);
    } catch (Settings.Invalid e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  private Operations operations(Encryption encryption) throws IOException {
    Operations operations =
        Operations.defaults()
            .withEncryption(encryption)
            .withAudit(audit())
            .withAccess(settings.operations().access().read())
            .withShutdown(settings.operations().shutdown());
    if (settings.operations().tracing().isPresent()) {
      operations = operations.withTracing(tracing(settings.operations().tracing().get()));
    }
    int seats = settings.operations().seats();
    return seats == 0 ? operations : operations.withFlow(operations.flow().withSeats(seats));
  }

  private static TracingOptions tracing(Path file) throws IOException {
    try {
      return TracingOptions.read(file);
    } catch (Settings.Invalid e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  private AuditOptions audit() throws IOException {
    OperationSettings.Audit wanted = settings.operations().audit();
    AuditOptions options =
        AuditOptions.to(wanted.log().orElse(settings.dataDir().auditLog())).with(wanted.rotation());
    try {
      return wanted.policy().isPresent()
          ? options.with(Policy.read(wanted.policy().get()))
          : options;
    } catch (Settings.Invalid e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  /** Looks before anything is started that would be left behind. */
  private static void requireFree(String address, int port, String option) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(address, port));
    } catch (BindException e) {
      throw new UserError(
          "port "
              + port
              + " is in use ("
              + e.getMessage()
              + "); stop what uses it, or choose another with "
              + option);
    }
  }

  private Scheduler startScheduler(ApiServer api, Client client, Caches caches) throws IOException {
    EventRecorder events =
        parts.keep(new EventRecorder(client, clock, "default-scheduler", settings.nodeName()));
    SchedulerOptions options =
        schedulerOptions(
            SchedulerOptions.of(new LoopContext(client, caches, events, clock)),
            settings.operations().scheduler());
    api.foreseeBy(new Foreseeing(options));
    return Scheduler.start(options);
  }

  private static SchedulerOptions schedulerOptions(SchedulerOptions usual, Optional<Path> file)
      throws IOException {
    try {
      return file.isPresent() ? SchedulerFile.read(file.get()).applyTo(usual) : usual;
    } catch (Settings.Invalid e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  /** Where pods and the agent reach the API: this machine's first address, or the one bound to. */
  private String address() {
    if (!settings.bind().equals("0.0.0.0") && !settings.bind().startsWith("127.")) {
      return settings.bind();
    }
    for (InetAddress address : Machine.ofThisMachine().addresses()) {
      if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
        return address.getHostAddress();
      }
    }
    return "127.0.0.1";
  }

  private void publishKubeconfig(ApiServer api) throws IOException {
    Path written = api.adminKubeconfig();
    Path draft = settings.dataDir().root().resolve(".admin.kubeconfig");
    Files.copy(
        written, draft, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(
        draft,
        settings.dataDir().kubeconfig(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Wakes up who waits for us: see {@code LocalCluster}. */
  private void announceReady() throws IOException {
    Path draft = settings.dataDir().run().resolve(".ready");
    Files.writeString(draft, Long.toString(ProcessHandle.current().pid()));
    Files.move(
        draft,
        settings.dataDir().ready(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    LOG.log(Level.INFO, "API ready port={0}", Integer.toString(settings.port()));
  }

  /** Takes leave of the clients while everything still runs, and then ends it. */
  @Override
  public void close() {
    serving.ifPresent(ApiServer::drain);
    parts.close();
    try {
      Files.deleteIfExists(settings.dataDir().ready());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove " + settings.dataDir().ready(), e);
    }
  }
}
