package dev.kapell.bench.fair;

import dev.kapell.base.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The greedy client: a process of its own, served last by the machine, that begins and stops when
 * told. One thread.
 */
final class Greedy implements AutoCloseable {
  static final int CALLERS = 300;
  private static final String GO = "go";
  private static final String HALT = "halt";

  private final Process process;
  private final BufferedReader words;

  /** Starts it; returns when it is ready. */
  Greedy(Fairness.Place place, Callers.Work work) throws IOException {
    process =
        new ProcessBuilder(
                "nice",
                "-n",
                "20",
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Fairness.class.getName(),
                place.kubeconfig().toString(),
                Integer.toString(place.port()),
                place.pid(),
                "greedy",
                work.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    words = process.inputReader();
    words.readLine();
  }

  void go() throws IOException {
    say(GO);
  }

  void halt() throws IOException {
    say(HALT);
  }

  private void say(String word) throws IOException {
    Writer ears = process.outputWriter();
    ears.write(word + "\n");
    ears.flush();
    words.readLine();
  }

  /** What it got, while it was let; it is over with this. */
  String end() throws IOException {
    process.outputWriter().close();
    return words.readLine();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  /** The process itself. */
  static void run(Callers callers, Callers.Work work) throws IOException, InterruptedException {
    Gate gate = new Gate(false);
    long[] nanos = {0};
    Got got =
        callers.run(
            work,
            CALLERS,
            gate,
            () -> {
              System.out.println("ready");
              BufferedReader orders =
                  new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
              long began = 0;
              for (String order : (Iterable<String>) orders.lines()::iterator) {
                if (order.equals(GO)) {
                  began = Clock.system().nanoTime();
                  gate.open();
                } else {
                  nanos[0] += Clock.system().nanoTime() - began;
                  gate.shut(CALLERS);
                }
                System.out.println(order);
              }
            });
    System.out.printf(
        Locale.ROOT,
        "%.0f/s%n",
        Got.of(List.of(new Got(got.nanos(), nanos[0] / 1e9, 0))).perSecond());
  }
}
