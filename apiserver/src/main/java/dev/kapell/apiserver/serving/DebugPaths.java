package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.encryption.Encryption;
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
  private static final String ROTATE = "/debug/rotate-encryption-key";

  private final Store store;
  private final Optional<Encryption> encryption;

  DebugPaths(Store store, Operations operations) {
    this.store = store;
    this.encryption = operations.encryption();
  }

  static boolean serves(String path) {
    return path.startsWith("/debug/");
  }

  void handle(Exchange exchange, Headers headers) throws InterruptedException {
    switch (exchange.method() + " " + exchange.path()) {
      case "POST " + ROTATE -> rotate(exchange, headers);
      default -> throw Failures.unknownPath();
    }
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
