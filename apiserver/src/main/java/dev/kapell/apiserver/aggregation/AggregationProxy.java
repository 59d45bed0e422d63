package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.remote.CallerHeaders;
import dev.kapell.apiserver.remote.NoRedirects;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import dev.kapell.http.HttpFailure;
import dev.kapell.http.Upstreams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Passes requests on to the servers of remote APIs, with the caller's name. Thread-safe. */
final class AggregationProxy {
  private final RemoteServers servers;
  private final Upstreams upstreams;

  private final CallerHeaders callerHeaders;

  AggregationProxy(RemoteServers servers, Upstreams upstreams, CallerHeaders callerHeaders) {
    this.servers = servers;
    this.upstreams = upstreams;
    this.callerHeaders = callerHeaders;
  }

  /** Answers {@code exchange} with what the server of {@code api} says to {@code user}. */
  void relay(Exchange exchange, RemoteApi api, User user) throws IOException {
    if (!api.available()) {
      throw Failures.unavailable("service unavailable");
    }
    String query = exchange.rawQuery();
    try {
      upstreams.relay(
          exchange,
          servers.of(api),
          query.isEmpty() ? exchange.path() : exchange.path() + "?" + query,
          callerHeaders
              .replacing(exchange.headers())
              .and(RemoteIdentity.of(user))
              .and("X-Forwarded-For", forwardedFor(exchange)),
          NoRedirects.INSTANCE);
    } catch (HttpFailure failure) {
      throw unreachable(failure);
    }
  }

  private static ApiFailure unreachable(HttpFailure cause) {
    ApiFailure failure =
        Failures.unavailable("error trying to reach service: " + cause.getMessage());
    failure.addSuppressed(cause);
    return failure;
  }

  private static String forwardedFor(Exchange exchange) {
    List<String> hops = new ArrayList<>(exchange.headers().all("X-Forwarded-For"));
    hops.add(exchange.remoteAddress().getAddress().getHostAddress());
    return String.join(", ", hops);
  }
}
