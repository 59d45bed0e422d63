package dev.kapell.apiserver.serving;

import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code /healthz}, {@code /livez}, {@code /readyz}: named checks, each a path of its own, in the
 * words of kube-apiserver. Why a check fails is told on its own path only, which takes a right.
 * Immutable.
 */
final class Health {
  private static final Headers TEXT =
      Headers.contentType("text/plain; charset=utf-8").and("X-Content-Type-Options", "nosniff");

  private final Map<String, Map<String, Check>> endpoints;

  /** Tells what is wrong, or nothing. */
  @FunctionalInterface
  interface Check extends Supplier<Optional<String>> {
    /** What has been seen to when the server began to listen. */
    Check DONE = Optional::empty;
  }

  /**
   * @param live what a restart might mend
   * @param ready what clients have to wait for, beside these
   */
  Health(Map<String, Check> live, Map<String, Check> ready) {
    Map<String, Check> all = new LinkedHashMap<>(live);
    all.putAll(ready);
    this.endpoints =
        Map.of(
            "healthz",
            new LinkedHashMap<>(live),
            "livez",
            new LinkedHashMap<>(live),
            "readyz",
            all);
  }

  static boolean serves(String path) {
    String name = path.substring(1).split("/", 2)[0];
    return name.equals("healthz") || name.equals("livez") || name.equals("readyz");
  }

  /** Answers; false when the path names a check that there is not. */
  boolean answer(Exchange exchange) {
    String[] parts = exchange.path().substring(1).split("/", 2);
    Map<String, Check> checks = Objects.requireNonNull(endpoints.get(parts[0]), parts[0]);
    if (parts.length == 2 && !parts[1].isEmpty()) {
      Check check = checks.get(parts[1]);
      if (check == null) {
        return false;
      }
      Optional<String> wrong = check.get();
      respond(
          exchange,
          wrong.isEmpty(),
          wrong.isEmpty() ? "ok" : "internal server error: " + wrong.get() + "\n");
      return true;
    }
    all(exchange, parts[0], checks);
    return true;
  }

  private static void all(Exchange exchange, String name, Map<String, Check> checks) {
    Set<String> excluded = new TreeSet<>(exchange.query().all("exclude"));
    StringBuilder lines = new StringBuilder();
    boolean good = true;
    for (Map.Entry<String, Check> check : checks.entrySet()) {
      if (excluded.remove(check.getKey())) {
        lines.append("[+]").append(check.getKey()).append(" excluded: ok\n");
        continue;
      }
      boolean passed = check.getValue().get().isEmpty();
      good &= passed;
      lines
          .append(passed ? "[+]" : "[-]")
          .append(check.getKey())
          .append(passed ? " ok\n" : " failed: reason withheld\n");
    }
    if (!excluded.isEmpty()) {
      lines
          .append("warn: some health checks cannot be excluded: no matches for ")
          .append(excluded.stream().map("\"%s\""::formatted).collect(Collectors.joining(",")))
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
