package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.aggregation.Aggregation;
import dev.kapell.apiserver.audit.Asked;
import dev.kapell.apiserver.audit.Trail;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.flow.FlowControl;
import dev.kapell.apiserver.flow.FlowRequest;
import dev.kapell.apiserver.flow.Ticket;
import dev.kapell.apiserver.metrics.Elsewhere;
import dev.kapell.apiserver.metrics.RequestMetrics;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tracing.Span;
import dev.kapell.apiserver.turn.Turn;
import dev.kapell.apiserver.turn.Turns;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import dev.kapell.http.Handler;
import dev.kapell.http.Headers;
import dev.kapell.http.WebSocketFrames;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Every request's way in: who, what, may they; then to the resource or the path. */
final class ApiHandler implements Handler {
  private static final int MOST_ID_CHARACTERS = 64;
  private static final int LOWEST_FAULT = 500;

  /** Who may say that a request is part of a trace, and is kept; as in kube-apiserver. */
  private static final Set<String> TRACING_GROUPS = Set.of("system:masters", "system:monitoring");

  private final Caller caller;
  private final Authorizer authorizer;
  private final Routes routes;
  private final FlowControl flow;
  private final Turns turns;
  private final Observers observers;

  /** Where requests go. */
  record Routes(
      ResourceHandler resources, PathHandler paths, DebugPaths debug, Aggregation aggregation) {}

  ApiHandler(
      Caller caller,
      Authorizer authorizer,
      Routes routes,
      FlowControl flow,
      Turns turns,
      Observers observers) {
    this.caller = caller;
    this.authorizer = authorizer;
    this.routes = routes;
    this.flow = flow;
    this.turns = turns;
    this.observers = observers;
  }

  @Override
  public void accept(Exchange exchange, Start start) {
    turns.begin(() -> apparent(exchange), turn -> start.with(started -> handle(started, turn)));
  }

  /** As whom a request comes, as far as can be seen without looking anything up. */
  private static String apparent(Exchange exchange) {
    Headers headers = exchange.headers();
    String who =
        headers
            .first("Authorization")
            .or(
                () ->
                    exchange.peerCertificates().stream()
                        .findFirst()
                        .map(own -> "certificate " + own.hashCode()))
            .orElseGet(() -> exchange.remoteAddress().getAddress().getHostAddress());
    return headers.first("Impersonate-User").map(other -> who + " as " + other).orElse(who);
  }

  private void handle(Exchange exchange, Turn turn) {
    try {
      turn.during(
          () -> {
            handle(exchange);
            return exchange;
          });
    } finally {
      turn.end(exchange::afterwards);
    }
  }

  @Override
  public void handle(Exchange exchange) {
    new Handling(exchange).run();
  }

  /** One request on its way; owned by its thread. */
  private final class Handling {
    private final Exchange exchange;
    private final String auditId;
    private Headers headers;
    private final long began = observers.clock().nanoTime();
    private final Instant received = observers.clock().now();
    private Optional<ResourceRequest> wanted = Optional.empty();
    private Trail trail = Trail.NONE;
    private Span span = Span.NONE;
    private final Elsewhere elsewhere = new Elsewhere();
    private @Nullable ApiFailure failure;

    Handling(Exchange exchange) {
      this.exchange = exchange;
      this.auditId =
          exchange
              .headers()
              .first("Audit-ID")
              .filter(id -> id.matches("[!-~]{1," + MOST_ID_CHARACTERS + "}"))
              .orElseGet(() -> observers.randomness().uuid().toString());
      this.headers = Headers.of("Audit-Id", auditId).and("Cache-Control", "no-cache, private");
    }

    void run() {
      boolean writes = !exchange.method().equals("GET") && !exchange.method().equals("HEAD");
      observers.metrics().began(writes);
      try {
        guard(this::enter);
      } finally {
        observers.metrics().ended(writes);
        finish();
      }
    }

    private interface Step {
      void go() throws IOException, InterruptedException;
    }

    /** Turns what {@code step} throws into an answer. */
    private void guard(Step step) {
      try {
        step.go();
      } catch (IOException | InterruptedException | RuntimeException e) {
        ApiFailure refusal = Statuses.failure(exchange, e);
        failure = refusal;
        if (refusal.code() == 500 && !(e instanceof ApiFailure)) {
          trail.panic(refusal.status());
        }
        if (!exchange.answered()) {
          Statuses.send(exchange, refusal, headers);
        }
      }
    }

    private void enter() {
      requireQuery();
      wanted = RequestPath.parse(exchange.path()).map(path -> ResourceRequest.of(exchange, path));
      User sender = sender();
      trail = observers.auditor().map(auditor -> auditor.begin(asked(sender))).orElse(Trail.NONE);
      span.during(() -> trail.during(() -> elsewhere.during(() -> guard(() -> handle(sender)))));
    }

    /** Who asks, and with that whether the request's trace is theirs to choose. */
    private User sender() {
      boolean trusted = false;
      try {
        User sender = caller.sender(exchange);
        trusted = sender.groups().stream().anyMatch(TRACING_GROUPS::contains);
        return sender;
      } finally {
        begin(trusted);
      }
    }

    private void begin(boolean trusted) {
      if (observers.tracer().isPresent()) {
        span = observers.tracer().get().begin(exchange.headers().first("Traceparent"), trusted);
        span.with("http.request.method", exchange.method())
            .with("url.path", exchange.path())
            .with("user_agent.original", exchange.headers().first("User-Agent").orElse(""))
            .with("audit-id", auditId);
      }
    }

    private void requireQuery() {
      try {
        exchange.query();
      } catch (IllegalArgumentException e) {
        throw Failures.badRequest("the query cannot be read: " + e.getMessage());
      }
    }

    private void handle(User sender) throws IOException, InterruptedException {
      User user = caller.acting(sender, exchange.headers());
      if (!user.equals(sender)) {
        trail.impersonated(user);
      }
      if (wanted.isPresent() && wanted.get().isLong()) {
        Trail kept = trail; // and nothing else of the request, for as long as a watch lasts
        Exchange answered = exchange;
        LongAdder lasting = observers.metrics().lasting(labels());
        answered.onEnd(
            () -> {
              kept.complete(answered.status(), Optional.empty());
              lasting.decrement();
            });
        exchange.unhurried();
        if (wanted.get().lasts()) {
          exchange.lasts();
        }
      }
      if (isEndless()) {
        Turns.leave();
        dispatch(user);
        return;
      }
      try (Ticket _ = queue(user)) {
        dispatch(user);
      }
    }

    /** Whether this thread serves the answer for as long as the client likes. */
    private boolean isEndless() {
      return wanted.isPresent()
          && (wanted.get().isConversation()
              || (wanted.get().isLong() && WebSocketFrames.isWanted(exchange))
              || (routes.resources().isRemote(wanted.get().target())
                  && (wanted.get().isLong()
                      || exchange.headers().hasToken("Connection", "upgrade"))));
    }

    private Ticket queue(User user) throws InterruptedException {
      FlowRequest request =
          new FlowRequest(
              user,
              verb(),
              wanted.map(ResourceRequest::target),
              exchange.path(),
              wanted.map(routes.resources()::seats).orElse(1));
      FlowControl.Verdict verdict;
      long arrived = observers.clock().nanoTime();
      try (Span _ = span.child("Wait for a seat", Span.Kind.INTERNAL)) {
        verdict = flow.enter(request);
      }
      Elsewhere.spent(observers.clock().nanoTime() - arrived);
      if (!verdict.schemaUid().isEmpty()) {
        headers =
            headers
                .and("X-Kubernetes-PF-FlowSchema-UID", verdict.schemaUid())
                .and("X-Kubernetes-PF-PriorityLevel-UID", verdict.levelUid());
      }
      return switch (verdict) {
        case FlowControl.Verdict.Run run -> run.ticket();
        case FlowControl.Verdict.Later _ ->
            throw Failures.tooManyRequests(
                "Too many requests, please try again later.", 1, List.of());
      };
    }

    private void dispatch(User user) throws IOException, InterruptedException {
      if (wanted.isPresent()) {
        routes.resources().handle(exchange, user, wanted.get(), headers);
      } else {
        path(user);
      }
    }

    private void path(User user) throws IOException, InterruptedException {
      Turns.leave();
      String path = exchange.path();
      Observers.require(authorizer, user, Action.path(verb(), path));
      if (DebugPaths.serves(path)) {
        routes.debug().handle(exchange, headers);
        return;
      }
      boolean read = exchange.method().equals("GET") || exchange.method().equals("HEAD");
      if (!read) {
        throw Failures.unknownPath();
      }
      Optional<RemotePath> remote = RemotePath.of(path, routes.aggregation());
      if (remote.isPresent()) {
        routes.aggregation().relay(exchange, remote.get().group(), remote.get().version(), user);
        return;
      }
      routes.paths().handle(exchange, headers);
    }

    private String verb() {
      return wanted
          .map(request -> request.verb().word())
          .orElseGet(() -> exchange.method().toLowerCase(Locale.ROOT));
    }

    private Asked asked(User sender) {
      String query = exchange.rawQuery();
      return new Asked(
          auditId,
          received,
          query.isEmpty() ? exchange.path() : exchange.path() + "?" + query,
          verb(),
          wanted.map(ResourceRequest::target),
          sender,
          sourceIps(),
          exchange.headers().first("User-Agent").orElse(""));
    }

    private List<String> sourceIps() {
      List<String> ips = new ArrayList<>();
      for (String value : exchange.headers().all("X-Forwarded-For")) {
        for (String ip : value.split(",", -1)) {
          ips.add(ip.strip());
        }
      }
      ips.add(exchange.remoteAddress().getAddress().getHostAddress());
      return ips;
    }

    private void finish() {
      ApiFailure refusal = failure;
      int code = exchange.answered() ? exchange.status() : refusal == null ? 0 : refusal.code();
      boolean goesOn = refusal == null && wanted.isPresent() && wanted.get().isLong();
      if (goesOn) {
        trail.started(code);
      } else {
        trail.complete(code, Optional.ofNullable(refusal).map(ApiFailure::status));
      }
      if (code >= LOWEST_FAULT) {
        span.failed(refusal == null ? "" : String.valueOf(refusal.getMessage()));
      }
      span.with("http.response.status_code", code).close();
      observers
          .metrics()
          .answered(
              labels(),
              code,
              new RequestMetrics.Course(
                  observers.clock().nanoTime() - began,
                  elsewhere.nanos(),
                  goesOn ? -1 : exchange.answerBytes()));
    }

    private RequestMetrics.Labels labels() {
      return wanted
          .filter(request -> routes.resources().serves(request.target()))
          .map(Handling.this::labels)
          .orElseGet(() -> RequestMetrics.Labels.path(exchange.method()));
    }

    private RequestMetrics.Labels labels(ResourceRequest request) {
      Target target = request.target();
      String scope =
          !target.name().isEmpty()
              ? "resource"
              : target.namespace().isEmpty() ? "cluster" : "namespace";
      return new RequestMetrics.Labels(
          word(request),
          request.query().containsKey("dryRun"),
          target.group(),
          target.version(),
          target.resource(),
          target.subresource(),
          scope);
    }

    private String word(ResourceRequest request) {
      return switch (request.verb()) {
        case GET -> request.isConversation() && !request.isLog() ? "CONNECT" : "GET";
        case LIST -> "LIST";
        case WATCH -> "WATCH";
        case CREATE -> request.isConversation() ? "CONNECT" : "POST";
        case UPDATE -> "PUT";
        case PATCH ->
            exchange
                    .headers()
                    .first("Content-Type")
                    .orElse("")
                    .startsWith("application/apply-patch")
                ? "APPLY"
                : "PATCH";
        case DELETE -> "DELETE";
        case DELETE_COLLECTION -> "DELETECOLLECTION";
      };
    }
  }
}
