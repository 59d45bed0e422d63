package dev.kapell.apiserver.serving;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Unstructured;
import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.access.Access;
import dev.kapell.apiserver.aggregation.Aggregation;
import dev.kapell.apiserver.aggregation.ExtensionAuthentication;
import dev.kapell.apiserver.audit.Auditor;
import dev.kapell.apiserver.authentication.Authenticator;
import dev.kapell.apiserver.authentication.Certificates;
import dev.kapell.apiserver.authentication.FrontProxy;
import dev.kapell.apiserver.authentication.ServiceAccountTokens;
import dev.kapell.apiserver.authentication.TokenAuthenticator;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.bootstrap.Bootstrap;
import dev.kapell.apiserver.computed.Components;
import dev.kapell.apiserver.computed.MergedCatalog;
import dev.kapell.apiserver.discovery.Discovery;
import dev.kapell.apiserver.flow.FlowControl;
import dev.kapell.apiserver.foresight.Foreseer;
import dev.kapell.apiserver.foresight.Foretelling;
import dev.kapell.apiserver.metrics.MeteredStore;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.metrics.ProcessMetrics;
import dev.kapell.apiserver.metrics.RequestMetrics;
import dev.kapell.apiserver.openapi.OpenApi;
import dev.kapell.apiserver.pki.CertificateRenewal;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.apiserver.pki.Issued;
import dev.kapell.apiserver.proxy.Agents;
import dev.kapell.apiserver.proxy.ConnectProxy;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.remote.CallerHeaders;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tracing.Tracer;
import dev.kapell.apiserver.turn.Turns;
import dev.kapell.apiserver.usage.Usage;
import dev.kapell.client.Client;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running API server: the pipeline, and HTTPS in front of it. Thread-safe.
 *
 * <p>{@link #start} returns when it listens and every first object is there; {@link #drain} and
 * {@link #close} let running requests finish.
 */
public final class ApiServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final String SERVICE_ADDRESS = "10.43.0.1";

  private final ApiServerOptions options;
  private final ClusterPki pki;
  private final ApiCore core;
  private final Rights rights;
  private final Foretelling foretelling;
  private final CertificateRenewal renewal;
  private final Agents agents;
  private final ExtensionAuthentication extensionAuthentication;
  private final Aggregation aggregation;
  private final InProcessReads reads;
  private final HttpServer http;
  private final Observers observers;
  private final FlowControl flow;
  private final AtomicBoolean closing = new AtomicBoolean();

  private ApiServer(ApiServerOptions options) throws IOException {
    Meters meters = new Meters();
    this.options = options.on(new MeteredStore(options.store(), meters, options.clock()));
    this.pki = ClusterPki.open(options.keys(), options.clock(), options.randomness());
    access().frontProxy().ifPresent(proxy -> proxy.requireApartFrom(pki.caPem()));
    ServiceAccountTokens tokens =
        new ServiceAccountTokens(pki, options.clock(), options.randomness());
    this.core =
        ApiCore.open(
            new ApiCore.Needs(
                this.options.store(),
                options.clock(),
                options.randomness(),
                tokens,
                access().podSecurity(),
                meters,
                access().plugins()));
    Client system = core.client(User.SYSTEM, "kapell");
    this.rights = new Rights(options, pki, tokens, core);
    this.foretelling = new Foretelling(rights.authorizer(), core.pipeline());
    this.renewal = new CertificateRenewal(options.clock(), pki);
    this.extensionAuthentication =
        new ExtensionAuthentication(
            core.client(User.BOOTSTRAP, "kapell"),
            options.clock(),
            () ->
                ExtensionAuthentication.data(
                    pki.caPem(), pki.frontProxyCaPem(), access().frontProxy()));
    this.observers = observe(meters);
    this.flow =
        new FlowControl(options.operations().flow(), system, options.clock(), observers.meters());
    try {
      new Bootstrap(core.client(User.BOOTSTRAP, "kapell")).run();
      rights.start();
      flow.start();
      extensionAuthentication.start();
      Issued shown = pki.server(names());
      Issued toAgents = pki.kubeletClient();
      this.agents = new Agents(system, toAgents.trusting(pki.caPem()));
      MergedCatalog local = localCatalog(system);
      Issued frontProxy = frontProxy();
      this.aggregation = aggregation(local, frontProxy);
      this.reads = new InProcessReads(local, aggregation, core.outside().upstreams());
      ServerOptions serving =
          ServerOptions.at(options.host(), options.port())
              .with(shown.trusting(peersPem()))
              .withDrain(options.operations().shutdown().drain());
      this.http = HttpServer.start("kapell-api", serving, handler(local, tokens, serving));
      renewal.keep(
          "apiserver",
          () -> pki.server(names()),
          shown,
          issued -> http.show(issued.trusting(peersPem())));
      renewal.keep(
          "kubelet-client",
          pki::kubeletClient,
          toAgents,
          issued -> agents.show(issued.trusting(pki.caPem())));
      renewal.keep("front-proxy-client", this::frontProxy, frontProxy, aggregation::show);
      renewal.tell("servers behind this one", extensionAuthentication::refresh);
      renewal.tell("holders of tokens in Secrets", rights::refreshSecrets);
      aggregation.start();
    } catch (IOException | RuntimeException e) {
      observers.close();
      flow.close();
      renewal.close();
      extensionAuthentication.close();
      rights.close();
      core.close();
      throw e;
    }
  }

  /**
   * Starts a server.
   *
   * @throws IOException when the port is taken or the keys cannot be read
   */
  public static ApiServer start(ApiServerOptions options) throws IOException {
    ApiServer server = new ApiServer(options);
    server.core.publish(options.address(), server.port());
    LOG.log(System.Logger.Level.INFO, "serving on {0}", server.url());
    return server;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(options.names());
    names.add(SERVICE_ADDRESS);
    names.add(options.address());
    if (!options.host().equals("0.0.0.0") && !options.host().equals("::")) {
      names.add(options.host());
    }
    return names;
  }

  private Access access() {
    return options.operations().access();
  }

  /** The authorities whose certificates callers may show. */
  private String peersPem() {
    return pki.caPem() + access().frontProxy().map(FrontProxy::caPem).orElse("");
  }

  /** What callers send to show who they are. */
  private CallerHeaders callerHeaders() {
    return access().frontProxy().map(FrontProxy::headers).orElse(CallerHeaders.STANDARD);
  }

  private Issued frontProxy() throws IOException {
    return pki.frontProxyClient(ExtensionAuthentication.CLIENT_NAME);
  }

  /** What this server answers itself. */
  private MergedCatalog localCatalog(Client system) {
    return new MergedCatalog(
        core.pipeline().catalog(),
        List.of(
            core.reviews(rights.tokens(), rights.authorizer()),
            new Components(options.store()),
            foretelling,
            new Usage(system, agents, core.outside().upstreams(), options.clock())));
  }

  private Aggregation aggregation(MergedCatalog local, Issued identity) {
    return new Aggregation(
        new Aggregation.Needs(
            options.store(),
            core.pipeline(),
            local,
            options.clock(),
            core.outside().services(),
            core.outside().upstreams(),
            identity,
            callerHeaders()));
  }

  private ApiHandler handler(
      MergedCatalog local, ServiceAccountTokens tokens, ServerOptions serving) {
    TokenAuthenticator verifier = rights.tokens();
    Authorizer authorizer = rights.authorizer();
    core.authorizeBy(authorizer);
    MergedCatalog catalog = local.with(aggregation);
    Pipeline pipeline = core.pipeline();
    Turns turns = new Turns(options.operations().flow().turns(), flow::isCrowded, options.clock());
    ResourceHandler resources =
        new ResourceHandler(
            new ResourceHandler.Parts(
                pipeline,
                catalog,
                authorizer,
                new CertificateRights(pipeline, authorizer),
                new ConnectProxy(
                    agents, core.outside().services(), core.outside().upstreams(), callerHeaders()),
                aggregation,
                observers.metrics(),
                this::count,
                options.clock(),
                serving.maxBodyBytes()));
    observers
        .meters()
        .gauge(
            "aggregator_unavailable_apiservice",
            "APIServices whose server does not answer (1), and the others (0).",
            List.of("name"),
            aggregation::show);
    PathHandler paths =
        new PathHandler(
            new Discovery(
                catalog, aggregation.priorities(), options.address() + ":" + options.port()),
            new OpenApi(local, aggregation),
            health(),
            observers.meters(),
            tokens);
    return new ApiHandler(
        new Caller(
            new Authenticator(
                verifier,
                Certificates.of(
                    options.clock(), access().frontProxy(), pki.caPem(), observers.meters()),
                access().anonymous()::admits),
            authorizer),
        authorizer,
        new ApiHandler.Routes(
            resources,
            paths,
            new DebugPaths(options.store(), options.operations(), flow),
            aggregation),
        flow,
        turns,
        observers);
  }

  private int count(String group, String resource, String namespace) {
    return options
        .store()
        .snapshot()
        .count(Row.table(group, resource), namespace.isEmpty() ? "" : namespace + "/");
  }

  private Observers observe(Meters meters) {
    ProcessMetrics.register(meters);
    StoredObjects.register(meters, core.pipeline().catalog(), this::count);
    return new Observers(
        meters,
        new RequestMetrics(meters),
        options.operations().audit().map(audit -> new Auditor(audit, options.clock(), meters)),
        tracer(meters),
        options.clock(),
        options.randomness());
  }

  private Optional<Tracer> tracer(Meters meters) {
    Optional<Tracer> tracer =
        options
            .operations()
            .tracing()
            .map(tracing -> new Tracer(tracing, options.clock(), options.randomness()));
    tracer.ifPresent(
        made ->
            meters.counted(
                "kapell_trace_spans_lost_total",
                "Spans that never reached the collector.",
                List.of(),
                values -> values.add((double) made.lost())));
    return tracer;
  }

  private Health health() {
    Map<String, Health.Check> live = new LinkedHashMap<>();
    live.put("ping", Health.Check.DONE);
    live.put("log", Health.Check.DONE);
    live.put("etcd", this::storeCheck);
    live.put("poststarthook/rbac/bootstrap-roles", Health.Check.DONE);
    live.put("poststarthook/scheduling/bootstrap-system-priority-classes", Health.Check.DONE);
    live.put("poststarthook/priority-and-fairness-config-consumer", Health.Check.DONE);
    Map<String, Health.Check> ready = new LinkedHashMap<>();
    ready.put("etcd-readiness", this::storeCheck);
    ready.put(
        "shutdown",
        () -> closing.get() ? Optional.of("process is shutting down") : Optional.empty());
    return new Health(live, ready);
  }

  private Optional<String> storeCheck() {
    try {
      return options.store().snapshot().revision() >= 0
          ? Optional.empty()
          : Optional.of("the store has no revision");
    } catch (RuntimeException e) {
      return Optional.of("the store does not answer: " + e.getMessage());
    }
  }

  /** The port that is listened on. */
  public int port() {
    return http.port();
  }

  /** Where clients on this machine reach it, for instance {@code https://127.0.0.1:6443}. */
  public String url() {
    boolean everywhere = options.host().equals("0.0.0.0") || options.host().equals("::");
    return "https://" + (everywhere ? "127.0.0.1" : options.host()) + ":" + port();
  }

  /** What renews certificates while they are in use; who shows one has it kept here. */
  public CertificateRenewal renewal() {
    return renewal;
  }

  /** The cluster's keys. */
  public ClusterPki pki() {
    return pki;
  }

  /** Writes the kubeconfig of somebody who may do everything, mode 0600, and returns its path. */
  public Path adminKubeconfig() throws IOException {
    return pki.kubeconfig("admin.kubeconfig", url(), "kubernetes-admin", pki.admin());
  }

  /**
   * A client in this process, without HTTP.
   *
   * @param user as whom it asks; nobody checks rights
   * @param manager the field manager of its writes
   */
  public Client client(User user, String manager) {
    return core.client(user, manager);
  }

  /** Reads by this process of what is not stored here: metrics, other servers' APIs. */
  public InProcessReads reads() {
    return reads;
  }

  /** Who knows what the scheduler would do, from now on. */
  public void foreseeBy(Foreseer foreseer) {
    foretelling.ask(foreseer);
  }

  /** What {@code /metrics} shows; others in this process may add to it. */
  public Meters meters() {
    return observers.meters();
  }

  /** The door without HTTP. */
  public Pipeline pipeline() {
    return core.pipeline();
  }

  /** The kinds that custom resource definitions have added by now, to be listed and watched. */
  public List<ResourceType<?>> customTypes() {
    List<ResourceType<?>> types = new ArrayList<>();
    for (Resource resource : pipeline().catalog().all()) {
      if (resource.type().isEmpty() && resource.verbs().contains("watch")) {
        types.add(
            Unstructured.type(
                resource.group(),
                resource.version(),
                resource.kind(),
                resource.plural(),
                resource.namespaced()));
      }
    }
    return types;
  }

  /**
   * Takes leave of the clients: {@code /readyz} fails from now on; after the delay of the options
   * no new connection is taken, and what was asked is answered, for as long as the options say.
   * Clients in this process are served on, until closed.
   */
  public void drain() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      options.clock().sleep(options.operations().shutdown().delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.close();
  }

  /** Ends at once but for the requests that run, unless it was drained before. */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      http.close();
    }
    observers.close();
    flow.close();
    renewal.close();
    rights.close();
    extensionAuthentication.close();
    aggregation.close();
    core.close();
  }
}
