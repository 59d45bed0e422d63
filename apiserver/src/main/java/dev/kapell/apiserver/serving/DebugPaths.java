package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.encryption.Encryption;
import dev.kapell.apiserver.flow.FlowControl;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * {@code /debug/...}: what an operator asks of a running server. Whoever calls has the right to the
 * path, which only {@code system:masters} has by default.
 */
final class DebugPaths {
  private static final String FLOW = "/debug/api_priority_and_fairness/";
  private static final String THREADS = "/debug/pprof/goroutine";
  private static final String VERBOSITY = "/debug/flags/v";
  private static final String ROTATE = "/debug/rotate-encryption-key";

  private final Store store;
  private final Optional<Encryption> encryption;
  private final FlowControl flow;
  private final Verbosity verbosity = new Verbosity();

  DebugPaths(Store store, Operations operations, FlowControl flow) {
    this.store = store;
    this.flow = flow;
    this.encryption = operations.encryption();
  }

  static boolean serves(String path) {
    return path.startsWith("/debug/");
  }

  void handle(Exchange exchange, Headers headers) throws IOException, InterruptedException {
    switch (exchange.method() + " " + exchange.path()) {
      case "POST " + ROTATE -> rotate(exchange, headers);
      case "GET " + FLOW + "dump_priority_levels" -> text(exchange, headers, flow.dumpLevels());
      case "GET " + FLOW + "dump_queues" -> text(exchange, headers, flow.dumpQueues());
      case "GET " + THREADS -> threads(exchange, headers);
      case "PUT " + VERBOSITY ->
          text(
              exchange,
              headers,
              verbosity.set(new String(exchange.body(), StandardCharsets.UTF_8).strip()));
      default -> throw Failures.unknownPath();
    }
  }

  private static void threads(Exchange exchange, Headers headers) throws IOException {
    if (!exchange.query().all("debug").equals(List.of("2"))) {
      throw Failures.badRequest(
          "stacks are there as text only, not in the form of pprof: ask with ?debug=2");
    }
    text(exchange, headers, new String(Threads.dump(), StandardCharsets.UTF_8));
  }

  private static void text(Exchange exchange, Headers headers, String text) {
    exchange.respond(
        200,
        headers.and("Content-Type", "text/plain; charset=utf-8"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private void rotate(Exchange exchange, Headers headers) throws InterruptedException {
    Encryption keys =
        encryption.orElseThrow(() -> Failures.badRequest("this server's store is not encrypted"));
    int written;
    try {
      written = keys.rotate(store);
    } catch (StoreException e) {
      throw Failures.unavailable(String.valueOf(e.getMessage()));
    }
    exchange.respond(
        200,
        headers.and("Content-Type", MediaType.JSON),
        "{\"rewritten\":%d}".formatted(written).getBytes(StandardCharsets.UTF_8));
  }
}
