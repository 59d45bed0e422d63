package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.metrics.RequestMetrics;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import dev.kapell.http.Handler;
import dev.kapell.http.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Every request's way in: who, what, may they; then to the resource or the path. */
final class ApiHandler implements Handler {
  private final Caller caller;
  private final Authorizer authorizer;
  private final ResourceHandler resources;
  private final PathHandler paths;
  private final DebugPaths debug;
  private final RequestMetrics metrics;
  private final Clock clock;
  private final Randomness randomness;

  /** Where requests go. */
  record Routes(ResourceHandler resources, PathHandler paths, DebugPaths debug) {}

  ApiHandler(
      Caller caller,
      Authorizer authorizer,
      Routes routes,
      RequestMetrics metrics,
      Clock clock,
      Randomness randomness) {
    this.caller = caller;
    this.authorizer = authorizer;
    this.resources = routes.resources();
    this.paths = routes.paths();
    this.debug = routes.debug();
    this.metrics = metrics;
    this.clock = clock;
    this.randomness = randomness;
  }

  @Override
  public void handle(Exchange exchange) {
    long began = clock.nanoTime();
    Headers headers =
        Headers.of(
                "Audit-Id",
                exchange.headers().first("Audit-ID").orElseGet(() -> randomness.uuid().toString()))
            .and("Cache-Control", "no-cache, private");
    RequestMetrics.Labels labels = new RequestMetrics.Labels(exchange.method(), "", "", "", "");
    int refused = 0;
    try {
      Optional<RequestPath> path = RequestPath.parse(exchange.path());
      User user = caller.of(exchange);
      if (path.isPresent()) {
        ResourceRequest wanted = ResourceRequest.of(exchange, path.get());
        labels = labels(wanted);
        resources.handle(exchange, user, wanted, headers);
      } else {
        path(exchange, user, headers);
      }
    } catch (ApiFailure
        | IllegalArgumentException
        | IOException
        | InterruptedException
        | IllegalStateException e) {
      refused = refuse(exchange, e, headers);
    }
    int code = exchange.answered() ? exchange.status() : refused;
    metrics.answered(labels, code, Duration.ofNanos(clock.nanoTime() - began));
  }

  private static int refuse(Exchange exchange, Exception cause, Headers headers) {
    ApiFailure failure = Statuses.failure(exchange, cause);
    if (!exchange.answered()) {
      Statuses.send(exchange, failure, headers);
    }
    return failure.code();
  }

  private void path(Exchange exchange, User user, Headers headers) throws InterruptedException {
    String path = exchange.path();
    authorizer.require(user, Action.path(exchange.method().toLowerCase(Locale.ROOT), path));
    if (DebugPaths.serves(path)) {
      debug.handle(exchange, headers);
      return;
    }
    boolean read = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    if (!read) {
      throw Failures.unknownPath();
    }
    paths.handle(exchange, headers);
  }

  private static RequestMetrics.Labels labels(ResourceRequest wanted) {
    Target target = wanted.target();
    return new RequestMetrics.Labels(
        wanted.verb().name().replace("_", ""),
        target.group(),
        target.version(),
        target.resource(),
        target.subresource());
  }
}
