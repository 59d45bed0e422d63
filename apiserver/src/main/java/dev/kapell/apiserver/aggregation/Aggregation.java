package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.discovery.Priorities;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.openapi.OtherGroup;
import dev.kapell.apiserver.openapi.Others;
import dev.kapell.apiserver.pki.Issued;
import dev.kapell.apiserver.registry.Registry;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.remote.CallerHeaders;
import dev.kapell.apiserver.remote.ServiceEndpoints;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.http.Exchange;
import dev.kapell.http.Reply;
import dev.kapell.http.Upstreams;
import dev.kapell.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves what other servers serve, for as long as an APIService says so and they answer.
 * Thread-safe.
 *
 * <p>One task owns the state: it wakes when an APIService, a service behind one, or this server's
 * own catalog changes, and from time to time; it looks at every server and publishes what it found.
 */
public final class Aggregation implements Catalog, Others, AutoCloseable {
  private static final Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private record Table(Map<String, RemoteApi> apis, List<Resource> resources, long generation) {}

  private final Store store;
  private final Clock clock;
  private final RemoteServers servers;
  private final AggregationProxy proxy;
  private final Registrations registrations;
  private final TaskScope scope;
  private volatile Table table = new Table(Map.of(), List.of(), 0);
  private Clock.@Nullable Alarm alarm;

  /**
   * What it needs.
   *
   * @param store where APIServices and services are
   * @param pipeline to write APIServices through
   * @param local what this server serves itself
   * @param identity the client certificate of the front-proxy authority
   */
  public record Needs(
      Store store,
      Pipeline pipeline,
      Catalog local,
      Clock clock,
      ServiceEndpoints services,
      Upstreams upstreams,
      Issued identity,
      CallerHeaders callerHeaders) {}

  /** Serves nothing yet: see {@link #start}. */
  public Aggregation(Needs needs) {
    this.store = needs.store();
    this.clock = needs.clock();
    this.servers =
        new RemoteServers(
            Registry.lookup(needs.store()), needs.services(), needs.upstreams(), needs.identity());
    this.proxy = new AggregationProxy(servers, needs.upstreams(), needs.callerHeaders());
    this.registrations = new Registrations(needs.pipeline(), needs.local(), needs.clock());
    this.scope =
        new TaskScope(
            "aggregation",
            (task, cause) -> LOG.log(Level.ERROR, "task failed task=" + task, cause));
  }

  /** Shows another certificate from now on. */
  public void show(Issued identity) {
    servers.show(identity);
  }

  /** Shows of each APIService whether its server is missing: 1, else 0. */
  public void show(Meters.Values values) {
    registrations.own().forEach(name -> values.add(0, name));
    for (RemoteApi api : table.apis().values()) {
      values.add(api.available() ? 0 : 1, api.name());
    }
  }

  /** Begins to follow. */
  public void start() {
    publish(remote(entries()));
    scope.start("follow", this::follow);
  }

  private void follow() throws InterruptedException {
    try (Changes changes = new Changes(store)) {
      registrations.onCatalogChange(changes::wake);
      while (true) {
        List<Obj> all = entries();
        registrations.keep(all);
        look(remote(all));
        schedule(changes);
        changes.await(namespaces());
      }
    } finally {
      if (alarm != null) {
        alarm.cancel();
      }
    }
  }

  private void schedule(Changes changes) {
    if (alarm != null) {
      alarm.cancel();
    }
    Map<String, RemoteApi> apis = table.apis();
    if (!apis.isEmpty()) {
      boolean good = apis.values().stream().allMatch(RemoteApi::available);
      alarm = clock.schedule(good ? LOOK_EVERY : LOOK_AGAIN, changes::wake);
    }
  }

  private List<String> namespaces() {
    return table.apis().values().stream().map(RemoteApi::namespace).distinct().toList();
  }

  private List<Obj> entries() {
    try (var entries = store.snapshot().list(Registrations.TABLE, "", "")) {
      return entries.map(entry -> Obj.root(Wire.parse(entry.value()))).toList();
    }
  }

  /** Those with a service behind them; what is known of one is kept until it is looked at again. */
  private List<RemoteApi> remote(List<Obj> all) {
    List<RemoteApi> apis = new ArrayList<>();
    for (Obj apiService : all) {
      if (apiService.child("spec").has("service")) {
        apis.add(RemoteApi.of(apiService));
      }
    }
    return apis;
  }

  private void look(List<RemoteApi> apis) throws InterruptedException {
    List<RemoteApi> seen = new ArrayList<>();
    Map<String, Condition> conditions = new LinkedHashMap<>();
    for (RemoteApi api : apis) {
      RemoteServers.Look look = servers.look(api);
      conditions.put(api.name(), look.condition());
      seen.add(
          look.discovery()
              .map(
                  list ->
                      api.serving(RemoteResources.of(api, list), servers.openApi(api, known(api))))
              .orElse(api));
    }
    publish(seen);
    for (Map.Entry<String, Condition> entry : conditions.entrySet()) {
      registrations.report(entry.getKey(), entry.getValue());
    }
  }

  private RemoteOpenApi known(RemoteApi api) {
    RemoteApi before = table.apis().get(place(api.group(), api.version()));
    return before == null ? RemoteOpenApi.NONE : before.openApi();
  }

  private void publish(List<RemoteApi> apis) {
    Map<String, RemoteApi> byPlace = new LinkedHashMap<>();
    List<Resource> resources = new ArrayList<>();
    for (RemoteApi api : apis) {
      byPlace.put(place(api.group(), api.version()), api);
      resources.addAll(api.resources());
    }
    Table now = table;
    if (!now.apis().equals(byPlace)) {
      table = new Table(byPlace, List.copyOf(resources), now.generation() + 1);
    }
  }

  private static String place(String group, String version) {
    return group + "/" + version;
  }

  /** Whether another server answers for this group and version. */
  public boolean serves(String group, String version) {
    return table.apis().containsKey(place(group, version));
  }

  /**
   * Answers an authorized request with what the other server says.
   *
   * @throws dev.kapell.client.ApiFailure 503 when it is not available, 502 when it redirects
   */
  public void relay(Exchange exchange, String group, String version, User user) throws IOException {
    RemoteApi api = table.apis().get(place(group, version));
    if (api == null) {
      throw Failures.unknownPath();
    }
    proxy.relay(exchange, api, user);
  }

  /**
   * What another server answers to a GET by {@code user}.
   *
   * @param target path and query
   * @throws dev.kapell.client.ApiFailure 503 when it is not available
   */
  public Reply read(String group, String version, String target, User user) {
    RemoteApi api = table.apis().get(place(group, version));
    if (api == null || !api.available()) {
      throw Failures.unavailable("service unavailable");
    }
    try {
      return servers.get(api, target, user);
    } catch (IOException e) {
      throw Failures.unavailable("error trying to reach service: " + e.getMessage());
    }
  }

  /** How clients are to prefer what this and other servers serve. */
  public Priorities priorities() {
    return (group, version) -> {
      RemoteApi api = table.apis().get(place(group, version));
      return api == null ? Priorities.OWN.of(group, version) : api.priority();
    };
  }

  @Override
  public List<OtherGroup> groups() {
    return table.apis().values().stream().flatMap(api -> api.openApi().group().stream()).toList();
  }

  @Override
  public List<Resource> all() {
    return table.resources();
  }

  @Override
  public Optional<Resource> find(String group, String version, String plural) {
    RemoteApi api = table.apis().get(place(group, version));
    return api == null
        ? Optional.empty()
        : api.resources().stream().filter(each -> each.plural().equals(plural)).findFirst();
  }

  @Override
  public long generation() {
    return table.generation();
  }

  @Override
  public void close() {
    scope.close();
  }
}
