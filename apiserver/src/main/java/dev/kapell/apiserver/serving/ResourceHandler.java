package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.aggregation.Aggregation;
import dev.kapell.apiserver.audit.Trail;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.computed.Computed;
import dev.kapell.apiserver.computed.MergedCatalog;
import dev.kapell.apiserver.metrics.RequestMetrics;
import dev.kapell.apiserver.proxy.ConnectProxy;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.table.Tables;
import dev.kapell.apiserver.turn.Turns;
import dev.kapell.base.Clock;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.WebSocketFrames;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Requests for resources: authorize, read the body, ask the pipeline, write the answer. */
final class ResourceHandler {
  /** A list of more objects takes more seats; as kube-apiserver estimates it. */
  private static final int OBJECTS_PER_SEAT = 100;

  private static final int MOST_SEATS = 10;

  /**
   * What it works with.
   *
   * @param catalog everything that is served
   * @param sizes how long lists are
   */
  record Parts(
      Pipeline pipeline,
      MergedCatalog catalog,
      Authorizer authorizer,
      CertificateRights certificates,
      ConnectProxy proxy,
      Aggregation aggregation,
      RequestMetrics metrics,
      Sizes sizes,
      Clock clock,
      int maxBodyBytes) {}

  /** How many objects there are. */
  @FunctionalInterface
  interface Sizes {
    /** In a namespace, or in all for an empty one. */
    int count(String group, String resource, String namespace);
  }

  private final Parts parts;
  private final Kinds kinds;
  private final ObjectWriter.Shared writing;
  private final BodyReader bodies;

  ResourceHandler(Parts parts) {
    this.parts = parts;
    this.kinds = new Kinds();
    this.writing = new ObjectWriter.Shared(kinds, parts.clock());
    this.bodies = new BodyReader(kinds, parts.maxBodyBytes());
  }

  /** Whether another server, behind this one, answers for {@code target}. */
  boolean isRemote(Target target) {
    return parts.aggregation().serves(target.group(), target.version());
  }

  /** Whether {@code target} names something that is served, its subresource with it. */
  boolean serves(Target target) {
    return parts
        .catalog()
        .find(target.group(), target.version(), target.resource())
        .filter(
            resource ->
                target.subresource().isEmpty()
                    || resource.subresources().stream()
                        .anyMatch(sub -> sub.name().equals(target.subresource())))
        .isPresent();
  }

  /** How many seats of flow control the request takes: a list more than one when it is long. */
  int seats(ResourceRequest wanted) {
    if (wanted.verb() != Verb.LIST) {
      return 1;
    }
    Target target = wanted.target();
    int objects = parts.sizes().count(target.group(), target.resource(), target.namespace());
    boolean selects =
        wanted.query().containsKey("labelSelector") || wanted.query().containsKey("fieldSelector");
    List<String> limit = wanted.query().getOrDefault("limit", List.of());
    if (!selects && !limit.isEmpty() && limit.getFirst().matches("[1-9][0-9]{0,8}")) {
      objects = Math.min(objects, Integer.parseInt(limit.getFirst()));
    }
    return Math.clamp(Math.ceilDiv(objects, OBJECTS_PER_SEAT), 1, MOST_SEATS);
  }

  void handle(Exchange exchange, User user, ResourceRequest wanted, Headers headers)
      throws IOException, InterruptedException {
    Target target = wanted.target();
    Observers.require(parts.authorizer(), user, wanted.action());
    if (wanted.isStream() && wanted.verb() == Verb.GET) {
      // A command is no less a command because a WebSocket begins with GET.
      Observers.require(parts.authorizer(), user, Action.on(Verb.CREATE, target));
    }
    if (isRemote(target)) {
      Turns.leave();
      parts.aggregation().relay(exchange, target.group(), target.version(), user);
      return;
    }
    Resource resource =
        parts
            .catalog()
            .find(target.group(), target.version(), target.resource())
            .or(() -> bindings(target))
            .filter(found -> found.isAt(target))
            .orElseThrow(Failures::unknownPath);
    if (wanted.isConversation()) {
      Turns.leave();
      converse(exchange, user, wanted);
      return;
    }
    wanted.check(resource);
    RequestOptions options =
        RequestOptions.parse(wanted.query(), exchange.headers().first("User-Agent").orElse(""));
    if (wanted.verb() == Verb.WATCH) {
      Turns.leave();
      ApiRequest request = new ApiRequest(Verb.WATCH, target, user, options, RequestBody.NONE);
      ObjectWriter writer = writer(exchange, resource);
      String mediaType = WatchBody.mediaType(writer.form());
      watch(exchange, writer, ask(request), headers.and("Content-Type", mediaType));
      return;
    }
    ObjectWriter writer = writer(exchange, resource);
    RequestBody body =
        hasBody(wanted.verb()) ? bodies.read(exchange, wanted.verb()) : RequestBody.NONE;
    Trail.current().request(body);
    ApiRequest request = new ApiRequest(wanted.verb(), target, user, options, body);
    parts.certificates().check(request);
    if (computing(target).isPresent()) {
      Turns.leave();
      answer(exchange, writer, ask(request), headers);
      return;
    }
    Turns.work(user.name());
    answer(exchange, writer, ask(request), headers);
  }

  /** Bindings can be posted to a collection of their own, which can not be listed. */
  private Optional<Resource> bindings(Target target) {
    return target.resource().equals("bindings") && target.group().isEmpty()
        ? parts.catalog().find("", "v1", "pods")
        : Optional.empty();
  }

  private static boolean hasBody(Verb verb) {
    return switch (verb) {
      case CREATE, UPDATE, PATCH, DELETE, DELETE_COLLECTION -> true;
      case GET, LIST, WATCH -> false;
    };
  }

  private Answer ask(ApiRequest request) throws InterruptedException {
    Optional<Computed> computed = computing(request.target());
    return computed.isPresent() ? computed.get().handle(request) : parts.pipeline().handle(request);
  }

  private Optional<Computed> computing(Target target) {
    return parts.catalog().computing(target.group(), target.version(), target.resource());
  }

  private void converse(Exchange exchange, User user, ResourceRequest wanted)
      throws IOException, InterruptedException {
    ApiRequest request =
        new ApiRequest(
            Verb.GET,
            wanted.target(),
            user,
            RequestOptions.foreign(wanted.query()),
            RequestBody.NONE);
    if (!(parts.pipeline().handle(request) instanceof Answer.Connect connect)) {
      throw Failures.unknownPath();
    }
    Answer.Connect named =
        new Answer.Connect(
            connect.resource(), connect.target().named(wanted.proxyName()), connect.json());
    boolean socket =
        wanted.target().subresource().equals("log") && WebSocketFrames.isWanted(exchange);
    parts.proxy().relay(socket ? new LogSocket(exchange) : exchange, named, wanted.rest());
  }

  private ObjectWriter writer(Exchange exchange, Resource resource) {
    boolean review = resource.group().startsWith("auth");
    boolean protobuf =
        review
            || (resource.type().isPresent()
                && kinds.find(resource.apiVersion(), resource.kind()).isPresent());
    Form form = Form.of(exchange.headers(), protobuf, !review);
    Tables.Include include =
        switch (exchange.query().first("includeObject")) {
          case "None" -> Tables.Include.NONE;
          case "Object" -> Tables.Include.OBJECT;
          default -> Tables.Include.METADATA;
        };
    return new ObjectWriter(writing, form, include);
  }

  /** Returns before the answer is sent, however slow the client. */
  private static void answer(
      Exchange exchange, ObjectWriter writer, Answer answer, Headers headers) {
    switch (answer) {
      case Answer.Single single -> single(exchange, writer, single, headers);
      case Answer.Listed listed -> {
        if (Trail.current().wantsResponse()) {
          Trail.current().response(ListWriter.whole(listed));
        }
        exchange.respond(
            200,
            headers.and("Content-Type", writer.form().encoding().mediaType()),
            new ListWriter(writer).write(listed));
      }
      case Answer.Watching _, Answer.Connect _ -> throw Failures.unknownPath();
    }
  }

  private void watch(Exchange exchange, ObjectWriter writer, Answer answer, Headers headers)
      throws IOException, InterruptedException {
    if (!(answer instanceof Answer.Watching watching)) {
      throw Failures.unknownPath();
    }
    Resource resource = watching.resource();
    WatchBody body =
        new WatchBody(
            watching,
            writer,
            parts.metrics().watched(resource.group(), resource.version(), resource.plural()));
    if (WebSocketFrames.isWanted(exchange)) {
      WatchSocket.serve(exchange, headers, body);
    } else {
      exchange.push(200, headers, body);
    }
  }

  private static void single(
      Exchange exchange, ObjectWriter writer, Answer.Single single, Headers headers) {
    Trail.current().response(single.json());
    byte[] body = writer.write(single.resource(), single.json(), true);
    Headers all = headers;
    for (String warning : single.warnings()) {
      all = all.and("Warning", "299 - \"" + quotable(warning) + "\"");
    }
    Form.Encoding encoding = writer.form().encoding();
    boolean fallback = encoding == Form.Encoding.PROTOBUF && (body.length == 0 || body[0] != 'k');
    String mediaType = fallback ? MediaType.JSON : encoding.mediaType();
    exchange.respond(single.code(), all.and("Content-Type", mediaType), body);
  }

  /** Names of fields may hold what no header may. */
  private static String quotable(String warning) {
    return warning.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
  }
}
