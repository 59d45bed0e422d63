package dev.kapell.host.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.host.Waiting;
import dev.kapell.host.process.Command;
import dev.kapell.host.process.CommandResult;
import dev.kapell.host.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ContainerdStopTest {
  private static final Path SOCKETS = Path.of("/proc/net/unix");

  @Test
  void anAdoptedContainerdEndsWhenAskedAndNeedsNotBeKilled() throws Exception {
    RealContainerd real = new RealContainerd();
    try {
      real.runtime().close();
      real.containerd().close();
      Signals signals = new Signals(real.processes);
      Containerd adopted = Containerd.start(real.settings, signals, real.clock);
      // Its listening socket, and the line by which the watch hears of its end.
      Waiting.until("the watch is connected", () -> sockets(real.settings.socket()) > 1);
      adopted.stop();
      assertThat(signals.sent).containsExactly(Processes.Signal.TERM);
      assertThat(real.processes.isAlive(adopted.pid())).isFalse();
    } finally {
      real.restartOurselves();
      real.tearDown();
    }
  }

  private static long sockets(Path socket) {
    try {
      return Files.readAllLines(SOCKETS).stream()
          .filter(line -> line.endsWith(socket.toString()))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The real processes; remembers the signals. */
  private record Signals(Processes real, List<Signal> sent) implements Processes {
    Signals(Processes real) {
      this(real, new CopyOnWriteArrayList<>());
    }

    @Override
    public CommandResult run(Command command) throws InterruptedException {
      return real.run(command);
    }

    @Override
    public long startDetached(Command command, Path log) {
      return real.startDetached(command, log);
    }

    @Override
    public boolean isAlive(long pid) {
      return real.isAlive(pid);
    }

    @Override
    public CompletableFuture<Void> onExit(long pid) {
      return real.onExit(pid);
    }

    @Override
    public boolean signal(long pid, Signal signal) {
      sent.add(signal);
      return real.signal(pid, signal);
    }

    @Override
    public void killTree(long pid) throws InterruptedException {
      real.killTree(pid);
    }
  }
}
