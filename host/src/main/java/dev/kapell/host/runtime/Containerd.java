package dev.kapell.host.runtime;

import dev.kapell.base.Backoff;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.host.file.DirectoryTree;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.process.Command;
import dev.kapell.host.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Kapell's own containerd: a process in a session of its own that outlives us, and that the next
 * Kapell adopts. One virtual thread owns it and starts it again when it dies.
 *
 * <pre>
 *   start ─▶ adopt (pid file, same configuration) ─┐
 *       └──▶ spawn ────────────────────────────────┴▶ running ─(exit)▶ wait ─▶ spawn
 *   close: leave it running        stop: SIGTERM, gone
 * </pre>
 */
public final class Containerd implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.host");
  private static final Backoff RESTART = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(10));
  private static final Duration BETWEEN_LINES = Duration.ofMillis(20);
  private static final Duration STEADY = Duration.ofSeconds(10);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
  private static final Duration LOG_CHECK = Duration.ofMinutes(5);
  private static final long LOG_LIMIT_BYTES = 8L << 20;
  private static final int SOCKET_PATH_LIMIT = 107;
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final ContainerdSettings settings;
  private final Processes processes;
  private final Clock clock;
  private final TaskScope scope =
      new TaskScope(
          "containerd",
          (task, cause) ->
              LOG.log(System.Logger.Level.ERROR, "event=task-failed task=" + task, cause));
  private volatile long pid;
  private volatile boolean adopted;
  private volatile boolean stopping;

  private Containerd(ContainerdSettings settings, Processes processes, Clock clock) {
    this.settings = settings;
    this.processes = processes;
    this.clock = clock;
  }

  /**
   * Writes the configuration, adopts a running containerd or spawns one, and watches over it.
   * Returns at once; the socket answers some 0.2 s later, and the first call of {@link CriRuntime}
   * waits for it.
   */
  public static Containerd start(ContainerdSettings settings, Processes processes, Clock clock)
      throws InterruptedException {
    int length = settings.socket().toString().length();
    if (length + ".ttrpc".length() > SOCKET_PATH_LIMIT) {
      throw new RuntimeFailure(
          RuntimeFailure.Kind.OTHER,
          "the path of containerd's socket is too long ("
              + settings.socket()
              + "): choose a shorter --data-dir");
    }
    Containerd containerd = new Containerd(settings, processes, clock);
    containerd.adoptOrSpawn();
    containerd.scope.start("watch", containerd::watch);
    containerd.scope.start("log", containerd::boundLog);
    return containerd;
  }

  /** Where it listens. */
  public Path socket() {
    return settings.socket();
  }

  /** Its process id now. */
  public long pid() {
    return pid;
  }

  private void adoptOrSpawn() throws InterruptedException {
    String config = settings.toToml();
    Optional<Long> running = running(settings, processes);
    try {
      Files.createDirectories(settings.cniConfigDirectory());
      Files.createDirectories(settings.registryDirectory());
      Path file = settings.configFile();
      boolean same = Files.exists(file) && Files.readString(file).equals(config);
      if (running.isPresent() && same) {
        pid = running.get();
        adopted = true;
        LOG.log(System.Logger.Level.INFO, "event=containerd-adopted pid=" + pid);
        return;
      }
      if (running.isPresent()) {
        end(running.get());
      }
      Files.writeString(file, config);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write containerd's configuration below " + settings.directory(), e);
    }
    spawn();
  }

  private void spawn() {
    Command command =
        Command.of(settings.containerd().toString(), "--config", settings.configFile().toString())
            .withEnvironment(Map.of("PATH", path()));
    truncateLog();
    pid = processes.startDetached(command, settings.log());
    adopted = false;
    try {
      Files.writeString(settings.pidFile(), Long.toString(pid));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + settings.pidFile(), e);
    }
    LOG.log(System.Logger.Level.INFO, "event=containerd-started pid=" + pid);
  }

  /** containerd's own directory comes first: there its shim of the same version is. */
  private String path() {
    Path home = settings.containerd().getParent();
    return home == null ? PATH : home + ":" + PATH;
  }

  /** The containerd that the pid file names, if it is alive and really ours. */
  private static Optional<Long> running(ContainerdSettings settings, Processes processes) {
    try {
      if (!Files.exists(settings.pidFile())) {
        return Optional.empty();
      }
      long found = Long.parseLong(Files.readString(settings.pidFile()).trim());
      Path commandLine = Path.of("/proc/" + found + "/cmdline");
      boolean ours =
          processes.isAlive(found)
              && Files.exists(commandLine)
              && Files.readString(commandLine, StandardCharsets.ISO_8859_1)
                  .contains(settings.configFile().toString());
      return ours ? Optional.of(found) : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "event=containerd-pid-unreadable file=" + settings.pidFile() + " " + e.getMessage());
      return Optional.empty();
    }
  }

  private void watch() throws InterruptedException {
    int failures = 0;
    while (!stopping) {
      long since = clock.nanoTime();
      awaitEnd();
      if (stopping) {
        return;
      }
      boolean steady = clock.nanoTime() - since > STEADY.toNanos();
      failures = steady ? 1 : failures + 1;
      LOG.log(System.Logger.Level.ERROR, "event=containerd-died pid=" + pid + lastWords());
      clock.sleep(RESTART.after(failures));
      spawn();
    }
  }

  private void awaitEnd() throws InterruptedException {
    if (adopted) {
      awaitHangUp();
      return;
    }
    try {
      processes.onExit(pid).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The end of a process that is not our child is known at once by its socket: a silent connection
   * to it ends. containerd also closes silent ones after two minutes; then the next is made.
   */
  private void awaitHangUp() throws InterruptedException {
    while (processes.isAlive(pid)) {
      try (SocketChannel line = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        line.connect(UnixDomainSocketAddress.of(settings.socket()));
        while (line.read(ByteBuffer.allocate(256)) >= 0) {
          // It greets; what it says does not matter.
        }
      } catch (ClosedByInterruptException e) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "event=containerd-hung-up pid=" + pid + " " + e);
      }
      clock.sleep(BETWEEN_LINES);
    }
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(settings.log(), StandardCharsets.ISO_8859_1);
      return lines.isEmpty() ? "" : " log=\"" + lines.getLast() + "\"";
    } catch (IOException e) {
      return " log=unreadable";
    }
  }

  private void boundLog() throws InterruptedException {
    while (!stopping) {
      clock.sleep(LOG_CHECK);
      truncateLog();
    }
  }

  /** containerd appends, so a file cut to nothing goes on from there. */
  private void truncateLog() {
    Path log = settings.log();
    try {
      if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
        FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
            .close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot cut " + log, e);
    }
  }

  private void end(long which) throws InterruptedException {
    processes.signal(which, Processes.Signal.TERM);
    try {
      processes.onExit(which).get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      processes.signal(which, Processes.Signal.KILL);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends containerd. Containers that still run go on; remove their sandboxes first. */
  public void stop() throws InterruptedException {
    close(); // Before the signal: while the watch's silent line is open, it would not end.
    end(pid);
    try {
      Files.deleteIfExists(settings.pidFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops watching and leaves containerd, and all it runs, as it is. */
  @Override
  public void close() {
    stopping = true;
    scope.close();
  }

  /**
   * Removes every trace of a containerd and of its containers: processes, mounts, files. For {@code
   * down --purge}, also after a crash; nothing needs to run. Repeatable.
   */
  public static void wipe(ContainerdSettings settings, Processes processes, Mounts mounts)
      throws InterruptedException {
    Optional<Long> running = running(settings, processes);
    if (running.isPresent()) {
      processes.killTree(running.get());
    }
    for (long shim : shims(settings)) {
      processes.killTree(shim);
    }
    mounts.unmountBelow(settings.directory());
    try {
      DirectoryTree.delete(settings.directory());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + settings.directory(), e);
    }
  }

  /** Shims name the socket they report to. */
  private static List<Long> shims(ContainerdSettings settings) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(candidate -> isShim(candidate, settings.socket()))
        .toList();
  }

  private static boolean isShim(long candidate, Path socket) {
    try {
      String commandLine =
          Files.readString(Path.of("/proc/" + candidate + "/cmdline"), StandardCharsets.ISO_8859_1);
      return commandLine.contains("containerd-shim") && commandLine.contains(socket.toString());
    } catch (IOException e) {
      return false; // It ended while we looked.
    }
  }
}
