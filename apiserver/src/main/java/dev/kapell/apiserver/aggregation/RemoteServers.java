package dev.kapell.apiserver.aggregation;

import dev.kapell.api.DecodeException;
import dev.kapell.apiserver.admission.Lookup;
import dev.kapell.apiserver.pki.Issued;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.remote.ServiceEndpoints;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Headers;
import dev.kapell.http.Reply;
import dev.kapell.http.TlsIdentity;
import dev.kapell.http.Upstream;
import dev.kapell.http.Upstreams;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the servers behind APIServices, and looks whether they answer. Thread-safe; blocks. */
final class RemoteServers {
  private static final Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MAX_BYTES = 8 << 20;
  private static final User CHECKER =
      new User("system:kube-aggregator", "", List.of("system:masters"), Map.of());

  private final Lookup lookup;
  private final ServiceEndpoints services;
  private final Upstreams upstreams;
  private volatile Issued identity;

  /**
   * @param identity the client certificate by which other servers believe the headers
   */
  RemoteServers(Lookup lookup, ServiceEndpoints services, Upstreams upstreams, Issued identity) {
    this.lookup = lookup;
    this.services = services;
    this.upstreams = upstreams;
    this.identity = identity;
  }

  /** Shows another certificate from now on. */
  void show(Issued renewed) {
    identity = renewed;
  }

  /** The server's place; throws 404 or 503 when there is none. */
  Upstream of(RemoteApi api) {
    Issued shown = identity;
    TlsIdentity tls =
        new TlsIdentity(shown.certificatePem(), shown.keyPem(), api.trustedPem(), api.anyPeer());
    return services
        .pick(
            services.service(api.namespace(), api.service()),
            Integer.toString(api.port()),
            Optional.of(tls))
        .called(api.serverName(), api.port());
  }

  /** What a look at the server found, and its discovery document when that is good. */
  record Look(Condition condition, Optional<Obj> discovery) {}

  Look look(RemoteApi api) {
    Optional<Condition> missing = missing(api);
    if (missing.isPresent()) {
      return new Look(missing.get(), Optional.empty());
    }
    String url = "https://" + api.serverName() + ":" + api.port() + api.path();
    try {
      Reply reply = get(api, api.path());
      if (reply.status() != 200) {
        return failed("bad status from " + url + ": " + reply.status());
      }
      return new Look(Condition.PASSED, Optional.of(Obj.root(Wire.parseForeign(reply.body()))));
    } catch (IOException | ApiFailure | DecodeException | IllegalStateException e) {
      return failed("failing or missing response from " + url + ": " + e.getMessage());
    }
  }

  /**
   * What the server says of its schemas; {@code known} when it says that this did not change, or
   * cannot be asked.
   */
  RemoteOpenApi openApi(RemoteApi api, RemoteOpenApi known) {
    try {
      Reply v2 = get(api, "/openapi/v2", known.etag());
      if (v2.status() == 304) {
        return known;
      }
      Reply v3 = get(api, "/openapi/v3", "");
      return RemoteOpenApi.of(
          api, v2.headers().first("ETag").orElse(""), document(v2), document(v3));
    } catch (IOException | ApiFailure | DecodeException | IllegalStateException e) {
      LOG.log(
          Level.DEBUG,
          "schemas of an API service are not known object={0} reason={1}",
          api.name(),
          e.getMessage());
      return known;
    }
  }

  private static Optional<Obj> document(Reply reply) {
    return reply.status() == 200
        ? Optional.of(Obj.root(Wire.parseForeign(reply.body())))
        : Optional.empty();
  }

  private Reply get(RemoteApi api, String path) throws IOException {
    return get(api, path, "");
  }

  private Reply get(RemoteApi api, String path, String etag) throws IOException {
    Headers plain = headers(CHECKER);
    return get(api, path, etag.isEmpty() ? plain : plain.and("If-None-Match", etag));
  }

  /** What the server answers to {@code user}. */
  Reply get(RemoteApi api, String target, User user) throws IOException {
    return get(api, target, headers(user));
  }

  private static Headers headers(User user) {
    return RemoteIdentity.of(user).and("Accept", "application/json").and("User-Agent", "kapell");
  }

  private Reply get(RemoteApi api, String target, Headers headers) throws IOException {
    return upstreams.call(
        of(api), new Upstreams.Call("GET", target, headers, new byte[0]), MAX_BYTES, LIMIT);
  }

  private static Look failed(String message) {
    return new Look(Condition.no("FailedDiscoveryCheck", message), Optional.empty());
  }

  /** What is missing before anybody could be asked. */
  private Optional<Condition> missing(RemoteApi api) {
    String named = "service/" + api.service() + " in \"" + api.namespace() + "\"";
    Optional<Obj> service = lookup.find("services", api.namespace() + "/" + api.service());
    if (service.isEmpty()) {
      return Optional.of(Condition.no("ServiceNotFound", named + " is not present"));
    }
    Obj spec = service.get().child("spec");
    if (!spec.text("type").equals("ClusterIP")) {
      return Optional.empty();
    }
    if (spec.items("ports").stream().noneMatch(port -> port.number("port", 0) == api.port())) {
      return Optional.of(
          Condition.no("ServicePortError", named + " is not listening on port " + api.port()));
    }
    try {
      of(api);
      return Optional.empty();
    } catch (ApiFailure none) {
      return Optional.of(
          Condition.no(
              "MissingEndpoints",
              "endpointslices for " + named + " have no addresses: " + none.getMessage()));
    }
  }
}
