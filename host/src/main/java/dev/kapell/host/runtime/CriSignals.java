package dev.kapell.host.runtime;

import dev.kapell.host.process.Command;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.RuntimeFailure.Kind;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Signals to the first processes of containers, past the runtime. Thread-safe; blocking. */
final class CriSignals {
  private final Processes processes;

  CriSignals(Processes processes) {
    this.processes = processes;
  }

  /**
   * Sends {@code signal}, a name such as {@code SIGUSR1}, and waits until the process has ended.
   */
  void send(long pid, String signal, Duration grace) {
    String name = signal.startsWith("SIG") ? signal.substring(3) : signal;
    try {
      // The shell's own kill: the program of that name is in a package that may be missing.
      processes.run(Command.of("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(pid)));
      processes.onExit(pid).get(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return; // its grace is over; the caller kills it
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for process " + pid + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure(Kind.INTERRUPTED, "interrupted while stopping a container", e);
    }
  }
}
