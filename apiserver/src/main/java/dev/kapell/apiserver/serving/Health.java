package dev.kapell.apiserver.serving;

import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /healthz}, {@code /livez}, {@code /readyz}: named checks, each a path of its own.
 * Immutable.
 */
final class Health {
  private static final Headers TEXT =
      Headers.contentType("text/plain; charset=utf-8").and("X-Content-Type-Options", "nosniff");

  private final Map<String, Supplier<Optional<String>>> checks;

  /**
   * @param checks by name; each tells what is wrong, or nothing
   */
  Health(Map<String, Supplier<Optional<String>>> checks) {
    this.checks = new LinkedHashMap<>(checks);
  }

  static boolean serves(String path) {
    return path.equals("/healthz")
        || path.equals("/livez")
        || path.equals("/readyz")
        || path.startsWith("/healthz/")
        || path.startsWith("/livez/")
        || path.startsWith("/readyz/");
  }

  /** Answers; false when the path names a check that there is not. */
  boolean answer(Exchange exchange) {
    String[] parts = exchange.path().substring(1).split("/", 2);
    if (parts.length == 2 && !parts[1].isEmpty()) {
      Supplier<Optional<String>> check = checks.get(parts[1]);
      if (check == null) {
        return false;
      }
      Optional<String> wrong = check.get();
      respond(
          exchange,
          wrong.isEmpty(),
          wrong.isEmpty() ? "ok" : "internal server error: " + wrong.get());
      return true;
    }
    all(exchange, parts[0]);
    return true;
  }

  private void all(Exchange exchange, String name) {
    List<String> excluded = exchange.query().all("exclude");
    StringBuilder lines = new StringBuilder();
    boolean good = true;
    for (Map.Entry<String, Supplier<Optional<String>>> check : checks.entrySet()) {
      if (excluded.contains(check.getKey())) {
        lines.append("[+]").append(check.getKey()).append(" excluded: ok\n");
        continue;
      }
      Optional<String> wrong = check.getValue().get();
      good &= wrong.isEmpty();
      lines
          .append(wrong.isEmpty() ? "[+]" : "[-]")
          .append(check.getKey())
          .append(wrong.isEmpty() ? " ok" : " failed: " + wrong.get())
          .append('\n');
    }
    boolean verbose = exchange.query().has("verbose");
    lines.append(name).append(good ? " check passed\n" : " check failed\n");
    respond(exchange, good, good && !verbose ? "ok" : lines.toString());
  }

  private static void respond(Exchange exchange, boolean good, String text) {
    exchange.respond(good ? 200 : 500, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }
}
