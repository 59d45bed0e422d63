package dev.kapell.bench.fuzz;

import dev.kapell.apiserver.audit.AuditOptions;
import dev.kapell.apiserver.serving.Operations;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.bench.Dice;
import dev.kapell.bench.LogListener;
import dev.kapell.bench.OwnServer;
import dev.kapell.bench.wire.Sample;
import dev.kapell.bench.wire.Wire;
import dev.kapell.client.http.PemTls;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;

/**
 * {@code Fuzz SEED REQUESTS [SENDERS]}: sends so many requests to a server of its own and fails
 * when an answer is a 5xx that has no good reason, when none comes within 20 seconds or it breaks
 * off, when a {@link Tenant} gets further than its namespace, or when the heap grows.
 */
public final class Fuzz {
  private static final int MOST_FINDINGS = 20;
  private static final int MOST_REASONS = 10_000;
  private static final int MOST_SHOWN = 25;
  private static final int SHOWN = 70;
  private static final int CLEAN_EVERY = 20_000;
  private static final int SETTLE_EVERY = 1_000;

  private final SSLContext tls;
  private final int port;
  private final AtomicLong left;
  private final Map<Integer, LongAdder> codes = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> findings = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> reasons = new ConcurrentHashMap<>();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final List<Long> heapBytes = new ArrayList<>();

  private Fuzz(SSLContext tls, int port, long requests) {
    this.tls = tls;
    this.port = port;
    this.left = new AtomicLong(requests);
  }

  /** What a run found. */
  public record Report(
      Map<Integer, Long> codes,
      Map<String, Long> reasons,
      List<String> findings,
      List<Long> heapBytes) {}

  /** See above. */
  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[0]);
    long requests = Long.parseLong(arguments[1]);
    int senders = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    Path folder = Files.createTempDirectory("kapell-fuzz-");
    long began = Clock.system().nanoTime();
    Report report = run(folder, seed, requests, senders);
    double seconds = (Clock.system().nanoTime() - began) / 1e9;
    System.out.printf(
        "seed %d: %d requests in %.0f s%n  answers %s%n  heap after collection, MiB: %s%n",
        seed,
        requests,
        seconds,
        report.codes(),
        report.heapBytes().stream().map(bytes -> bytes >> 20).toList());
    System.out.println("refused most often:");
    report.reasons().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_SHOWN)
        .forEach(reason -> System.out.println("  " + reason.getValue() + " " + reason.getKey()));
    report.findings().forEach(finding -> System.out.println("FOUND " + finding));
    if (!report.findings().isEmpty()) {
      throw new IllegalStateException(report.findings().size() + " findings");
    }
  }

  /** Runs against a server in {@code folder} with a store in memory. */
  public static Report run(Path folder, long seed, long requests, int senders) throws Exception {
    AuditOptions audit = AuditOptions.to(folder.resolve("audit.log"));
    try (OwnServer server = OwnServer.start(folder, seed, Operations.defaults().withAudit(audit))) {
      SSLContext tls = PemTls.context(server.admin());
      Fuzz fuzz = new Fuzz(tls, server.port(), requests);
      try (LogListener _ = new LogListener("kapell.http", fuzz::broke)) {
        fuzz.send(seed, senders);
      }
      Map<Integer, Long> codes = new TreeMap<>();
      fuzz.codes.forEach((code, count) -> codes.put(code, count.sum()));
      Map<String, Long> reasons = new TreeMap<>();
      fuzz.reasons.forEach((reason, count) -> reasons.put(reason, count.sum()));
      return new Report(codes, reasons, List.copyOf(fuzz.findings), List.copyOf(fuzz.heapBytes));
    }
  }

  /** What the server warns of is an answer that broke off where no code tells of it. */
  private void broke(String warning) {
    if (seen.add(warning.replaceAll("[0-9]+", "0"))) {
      findings.add("the server warns: " + warning);
    }
  }

  private void send(long seed, int senders) throws IOException, InterruptedException {
    Api api;
    try (Wire wire = new Wire(tls, port)) {
      api = Api.read(wire);
      wire.send(
          new Sample(
              "POST",
              "/api/v1/namespaces",
              List.of("Content-Type: application/json"),
              "{\"metadata\":{\"name\":\"fuzz\"}}".getBytes(StandardCharsets.UTF_8),
              false));
    }
    try (TaskScope scope =
        new TaskScope("fuzz", (task, cause) -> findings.add(task + " broke: " + cause))) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        Grammar grammar = new Grammar(api, new Dice(seed * 1000 + i));
        boolean first = i == 0;
        threads.add(scope.startPlatform("sender-" + i, () -> sender(api, grammar, first)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private void sender(Api api, Grammar grammar, boolean cleans) throws IOException {
    try (Wire wire = new Wire(tls, port)) {
      clean(api, wire, cleans);
      Tenant tenant = new Tenant(api);
      long sent = 0;
      while (left.getAndDecrement() > 0 && findings.size() < MOST_FINDINGS) {
        if (sent % SETTLE_EVERY == 0) {
          Tenant.settle(wire);
        }
        one(wire, tenant, grammar.next());
        if (++sent % CLEAN_EVERY == 0) {
          clean(api, wire, cleans);
        }
      }
    }
  }

  private void count(Sample sample, Wire.Answer answer) {
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    int at = text.indexOf("\"message\":\"");
    String reason =
        answer.code()
            + " "
            + sample.method()
            + " "
            + (at < 0 ? "" : text.substring(at + 11, Math.min(text.length(), at + 11 + SHOWN)));
    if (reasons.size() < MOST_REASONS || reasons.containsKey(reason)) {
      reasons.computeIfAbsent(reason, _ -> new LongAdder()).increment();
    }
  }

  private void one(Wire wire, Tenant tenant, Sample sample) throws IOException {
    try {
      Wire.Answer answer = wire.send(sample);
      codes.computeIfAbsent(answer.code(), _ -> new LongAdder()).increment();
      if (answer.code() >= 400) {
        count(sample, answer);
      } else if (tenant.isBeyond(sample) && seen.add("beyond " + sample.target())) {
        findings.add(answer.code() + " beyond the tenant's namespace to " + sample);
      }
      if (answer.code() >= 500 && !excused(sample, answer)) {
        String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        if (seen.add(answer.code() + text.replaceAll("[0-9]+", "0"))) {
          findings.add(answer.code() + " " + text + " to " + sample);
        }
      }
    } catch (SocketTimeoutException e) {
      findings.add("no answer to " + sample);
      wire.close();
    }
  }

  /**
   * No node, no pod and no scheduler runs here, so conversations with them fail; and a future has
   * to be waited for.
   */
  private static boolean excused(Sample sample, Wire.Answer answer) {
    String path = sample.target().split("\\?", 2)[0];
    boolean conversation =
        path.contains("/proxy")
            || path.endsWith("/log")
            || path.endsWith("/exec")
            || path.endsWith("/attach")
            || path.endsWith("/portforward")
            || path.contains("metrics.k8s.io")
            || path.contains("scheduling.kapell.dev");
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    return (conversation && answer.code() > 501)
        || (answer.code() == 504
            && (sample.method().equals("HEAD") || text.contains("Too large resource version")));
  }

  /** Deletes what was created, and notes what is left of the heap. */
  private void clean(Api api, Wire wire, boolean notes) throws IOException {
    if (!notes) {
      return;
    }
    for (Api.Operation operation : api.operations()) {
      String path = operation.path().replace("{namespace}", "fuzz");
      boolean collection =
          !path.contains("{")
              && !path.contains("/watch/")
              && !path.contains("rbac.")
              && !path.contains("flowcontrol")
              && !path.endsWith("/namespaces");
      if (collection) {
        wire.send(
            new Sample(
                "DELETE",
                path + "?gracePeriodSeconds=0",
                List.of("Accept: application/json"),
                new byte[0],
                false));
      }
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    heapBytes.add(runtime.totalMemory() - runtime.freeMemory());
  }
}
