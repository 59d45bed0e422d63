package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.encryption.Encryption;
import dev.kapell.apiserver.flow.FlowControl;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * {@code /debug/...}: what an operator asks of a running server. Whoever calls has the right to the
 * path, which only {@code system:masters} has by default.
 */
final class DebugPaths {
  private static final String FLOW = "/debug/api_priority_and_fairness/";
  private static final String ROTATE = "/debug/rotate-encryption-key";

  private final Store store;
  private final Optional<Encryption> encryption;
  private final FlowControl flow;

  DebugPaths(Store store, Operations operations, FlowControl flow) {
    this.store = store;
    this.flow = flow;
    this.encryption = operations.encryption();
  }

  static boolean serves(String path) {
    return path.startsWith("/debug/");
  }

  void handle(Exchange exchange, Headers headers) throws InterruptedException {
    switch (exchange.method() + " " + exchange.path()) {
      case "POST " + ROTATE -> rotate(exchange, headers);
      case "GET " + FLOW + "dump_priority_levels" -> text(exchange, headers, flow.dumpLevels());
      case "GET " + FLOW + "dump_queues" -> text(exchange, headers, flow.dumpQueues());
      default -> throw Failures.unknownPath();
    }
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
