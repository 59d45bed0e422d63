package dev.kapell.bench.flood;

import dev.kapell.apiserver.serving.Operations;
import dev.kapell.app.server.ServerLog;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.bench.Dice;
import dev.kapell.bench.LogListener;
import dev.kapell.bench.OwnServer;
import dev.kapell.client.http.Credentials;
import dev.kapell.client.http.PemTls;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code Flood SEED ATTACKS [ATTACKERS [LEECHES]]}: plays so many attacks against a server of its
 * own, by dice, while so many leeches of each kind hold on to connections and a polite client goes
 * on with its work. Fails when the server puts up with an attack for 20 seconds (with a leech for
 * 90), warns of one, answers 5xx, does not answer the polite client, or keeps a connection.
 */
public final class Flood {
  private static final int MOST_FINDINGS = 20;
  private static final int POLITE = 2;
  private static final int HEAP_NOTES = 8;

  private final Target target;
  private final Plan plan;
  private final AtomicLong left;
  private final Map<String, Map<Attack.End, LongAdder>> ends = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> findings = new ConcurrentLinkedQueue<>();
  private final List<Long> heapMebibytes = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Polite polite;
  private String politeBeside = "";

  private Flood(Target target, Plan plan) {
    this.target = target;
    this.plan = plan;
    this.left = new AtomicLong(plan.attacks());
    this.polite = new Polite(target, findings::add);
  }

  /**
   * What to play.
   *
   * @param attackers so many at a time
   * @param leeches so many of each kind
   * @param alone how long the polite client goes on when all is over, for comparison
   */
  public record Plan(long seed, long attacks, int attackers, int leeches, Duration alone) {}

  /**
   * What a run found.
   *
   * @param ends how often each attack ended how
   * @param polite what the polite client saw beside the attacks, and alone
   */
  public record Report(
      Map<String, Map<Attack.End, Long>> ends,
      List<String> polite,
      List<String> findings,
      List<Long> heapMebibytes) {}

  /** See above. */
  public static void main(String[] arguments) throws Exception {
    Plan plan =
        new Plan(
            Long.parseLong(arguments[0]),
            Long.parseLong(arguments[1]),
            arguments.length > 2 ? Integer.parseInt(arguments[2]) : 6,
            arguments.length > 3 ? Integer.parseInt(arguments[3]) : 20,
            Duration.ofSeconds(5));
    ServerLog.configure();
    long began = Clock.system().nanoTime();
    Report report = run(Files.createTempDirectory("kapell-flood-"), plan);
    double seconds = (Clock.system().nanoTime() - began) / 1e9;
    System.out.printf("seed %d: %d attacks in %.0f s%n", plan.seed(), plan.attacks(), seconds);
    report.ends().forEach((name, counts) -> System.out.println("  " + name + ": " + counts));
    System.out.println("  a polite client beside them: " + report.polite().getFirst());
    System.out.println("  afterwards: " + report.polite().getLast());
    System.out.println("  heap after a collection, MiB: " + report.heapMebibytes());
    report.findings().forEach(finding -> System.out.println("FOUND " + finding));
    if (!report.findings().isEmpty()) {
      throw new IllegalStateException(report.findings().size() + " findings");
    }
  }

  /** Runs against a server in {@code folder} with a store in memory. */
  public static Report run(Path folder, Plan plan) throws Exception {
    try (OwnServer server = OwnServer.start(folder, plan.seed(), Operations.defaults())) {
      Credentials admin = server.admin();
      Credentials nobody =
          new Credentials(
              admin.server(),
              admin.authority(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              admin.namespace());
      Target target = new Target(server.port(), PemTls.context(admin), PemTls.context(nobody));
      Flood flood = new Flood(target, plan);
      try (LogListener _ = new LogListener("kapell.http", flood::warned)) {
        flood.play();
      }
      return flood.report();
    }
  }

  private void warned(String warning) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add("the server warns: " + warning);
    }
  }

  private void play() throws InterruptedException {
    Map<String, Attack> quick = new LinkedHashMap<>(FrameAttacks.all());
    quick.putAll(ByteAttacks.all());
    quick.putAll(BodyAttacks.all());
    List<Map.Entry<String, Attack>> choices = List.copyOf(quick.entrySet());
    try (TaskScope scope =
        new TaskScope("flood", (task, cause) -> findings.add(task + " broke: " + cause))) {
      List<Thread> polites = new ArrayList<>();
      for (int i = 0; i < POLITE; i++) {
        polites.add(scope.start("polite", () -> polite.work(() -> over.getCount() == 0)));
      }
      noteHeap();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < plan.attackers(); i++) {
        Dice dice = new Dice(plan.seed() * 1000 + i);
        threads.add(scope.startPlatform("attacker-" + i, () -> attack(choices, dice)));
      }
      SlowAttacks.all()
          .forEach(
              (name, attack) -> {
                for (int i = 0; i < plan.leeches(); i++) {
                  Dice dice = new Dice(plan.seed() * 1000 + 500 + i);
                  threads.add(scope.start(name, () -> one(name, attack, dice)));
                }
              });
      for (Thread thread : threads) {
        thread.join();
      }
      politeBeside = polite.seen();
      Clock.system().sleep(plan.alone());
      over.countDown();
      for (Thread thread : polites) {
        thread.join();
      }
      noteHeap();
    }
  }

  private void attack(List<Map.Entry<String, Attack>> choices, Dice dice) {
    for (long next = left.getAndDecrement(); next > 0; next = left.getAndDecrement()) {
      if (findings.size() >= MOST_FINDINGS) {
        return;
      }
      Map.Entry<String, Attack> choice = dice.pick(choices);
      one(choice.getKey(), choice.getValue(), dice);
      if (next % Math.max(1, plan.attacks() / HEAP_NOTES) == 0) {
        noteHeap();
      }
    }
  }

  private void one(String name, Attack attack, Dice dice) {
    try {
      ended(name, attack.play(target, dice));
    } catch (SocketTimeoutException e) {
      findings.add("the server puts up with " + name + ": " + e.getMessage());
    } catch (IOException e) {
      ended(name, Attack.End.HUNG_UP);
    } catch (RuntimeException e) {
      findings.add(name + ": " + e);
    }
  }

  private void ended(String name, Attack.End end) {
    ends.computeIfAbsent(name, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(end, _ -> new LongAdder())
        .increment();
  }

  private void noteHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    synchronized (heapMebibytes) {
      heapMebibytes.add((runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }
  }

  private Report report() {
    Map<String, Map<Attack.End, Long>> counted = new TreeMap<>();
    ends.forEach(
        (name, counts) -> {
          Map<Attack.End, Long> plain = new TreeMap<>();
          counts.forEach((end, count) -> plain.put(end, count.sum()));
          counted.put(name, plain);
        });
    return new Report(
        counted,
        List.of(politeBeside, polite.seen()),
        List.copyOf(findings),
        List.copyOf(heapMebibytes));
  }
}
