package dev.kapell.bench.flood;

import dev.kapell.base.Clock;
import dev.kapell.bench.wire.Sample;
import dev.kapell.bench.wire.Wire;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A client that means well: it writes and reads one ConfigMap after the other. */
final class Polite {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int REFUSED = 300;

  private final Target target;
  private final Consumer<String> finding;
  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

  Polite(Target target, Consumer<String> finding) {
    this.target = target;
    this.finding = finding;
  }

  /** Works until {@code over}. */
  void work(BooleanSupplier over) throws IOException {
    try (Wire wire = new Wire(target.admin(), target.port())) {
      while (!over.getAsBoolean()) {
        String name = "polite-" + Clock.system().nanoTime();
        ask(
            wire,
            "POST",
            MAPS,
            "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"k\":\"v\"}}");
        ask(wire, "GET", MAPS + "/" + name, "");
        ask(wire, "DELETE", MAPS + "/" + name, "");
      }
    }
  }

  private void ask(Wire wire, String method, String path, String body) throws IOException {
    Sample sample =
        new Sample(
            method,
            path,
            List.of("Content-Type: application/json"),
            body.getBytes(StandardCharsets.UTF_8),
            false);
    long began = Clock.system().nanoTime();
    try {
      int code = wire.send(sample).code();
      if (code == 0 || code >= REFUSED) {
        finding.accept("the polite client's " + method + " " + path + " is answered " + code);
      }
    } catch (SocketTimeoutException e) {
      finding.accept("the polite client's " + method + " " + path + " is not answered");
      wire.close();
    }
    nanos.add(Clock.system().nanoTime() - began);
  }

  /** What it has seen so far, which is forgotten. */
  String seen() {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    nanos.clear();
    if (sorted.length == 0) {
      return "nothing";
    }
    return String.format(
        Locale.ROOT,
        "%,d requests, median %.1f ms, p99 %.1f ms, longest %.0f ms",
        sorted.length,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.99)] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}
