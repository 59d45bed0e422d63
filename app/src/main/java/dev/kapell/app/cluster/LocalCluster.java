package dev.kapell.app.cluster;

import dev.kapell.app.terminal.UserError;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.KubeconfigFile;
import dev.kapell.client.http.UnreachableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The cluster on this machine: starts its server in the background, finds it, stops it. */
public final class LocalCluster {
  private static final System.Logger LOG = System.getLogger("kapell.app");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration START_ERROR = Duration.ofSeconds(1);
  private static final int LOG_LINES_SHOWN = 15;
  private static final String SENTENCE = "kapell: ";

  private final DataDir dataDir;

  /** The cluster whose data is in {@code dataDir}. */
  public LocalCluster(DataDir dataDir) {
    this.dataDir = dataDir;
  }

  /** Its folders. */
  public DataDir dataDir() {
    return dataDir;
  }

  /** The background supervisor, when one runs. */
  public Optional<ProcessHandle> supervisor() {
    return Processes.living(dataDir.supervisorPid(), "supervise");
  }

  /** The server process, supervised, in some foreground, or in a rehearsal. */
  public Optional<ProcessHandle> server() {
    return Processes.living(dataDir.ready(), "server", "train");
  }

  /**
   * When the server process began, or a little earlier (the kernel counts from a boot time in whole
   * seconds); the epoch when none runs. What nodes reported before is of an earlier life.
   */
  public Instant startedAt() {
    return server()
        .flatMap(process -> process.info().startInstant())
        .map(start -> start.minus(START_ERROR))
        .orElse(Instant.EPOCH);
  }

  /** An admin's connection. Fails with a hint when this machine has no cluster. */
  public Connection connect() {
    String named = System.getenv("KUBECONFIG");
    Path file =
        Files.exists(dataDir.kubeconfig()) || named == null || named.isBlank()
            ? dataDir.kubeconfig()
            : Path.of(named.split(":", 2)[0]);
    return connect(file);
  }

  /** The connection that a kubeconfig describes. Fails with a hint when it cannot be read. */
  public static Connection connect(Path file) {
    if (!Files.isReadable(file)) {
      throw new UserError(
          Files.exists(file)
              ? "cannot read " + file + "; run as the user who started Kapell (usually root)"
              : "no cluster here (" + file + " does not exist); start one with: kapell up");
    }
    return Connection.to(KubeconfigFile.read(file));
  }

  /** An admin's connection to a server that runs and says that it is ready; else empty. */
  public Optional<Connection> connectIfReady() {
    if (server().isEmpty() || !Files.isReadable(dataDir.kubeconfig())) {
      return Optional.empty();
    }
    Connection connection = Connection.to(KubeconfigFile.read(dataDir.kubeconfig()));
    try {
      if (connection.get("/readyz", "text/plain").isSuccess()) {
        return Optional.of(connection);
      }
    } catch (UnreachableException e) {
      LOG.log(System.Logger.Level.DEBUG, "the server does not answer", e);
    }
    connection.close();
    return Optional.empty();
  }

  /**
   * Starts the server in the background with {@code serverArguments} and returns when its API
   * answers.
   */
  public void start(List<String> serverArguments) throws InterruptedException {
    String launcher = System.getenv("KAPELL_LAUNCHER");
    if (launcher == null) {
      throw new UserError("start Kapell through its launcher, ./kapell");
    }
    try {
      Files.createDirectories(dataDir.run());
      Files.deleteIfExists(dataDir.ready());
      try (WatchService changes = FileSystems.getDefault().newWatchService()) {
        dataDir.run().register(changes, StandardWatchEventKinds.ENTRY_CREATE);
        Process supervisor = launch(launcher, serverArguments);
        Files.writeString(dataDir.supervisorPid(), Long.toString(supervisor.pid()));
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread waiter =
            Thread.ofVirtual().name("await-ready").start(() -> awaitReadyFile(changes, ready));
        CompletableFuture<Void> ended = supervisor.onExit().thenRun(() -> ready.complete(false));
        boolean up = await(ready, supervisor);
        ended.cancel(false);
        waiter.interrupt();
        if (!up) {
          throw new UserError(whyNot());
        }
      }
    } catch (IOException e) {
      throw new UserError("cannot start the server in " + dataDir.root() + ": " + e.getMessage());
    }
  }

  /** The server's own last sentence, when it ended with one. */
  private String whyNot() {
    String lines = lastLogLines();
    String last = lines.substring(lines.lastIndexOf('\n') + 1);
    return last.startsWith(SENTENCE)
        ? last.substring(SENTENCE.length())
        : "the server did not start; the end of " + dataDir.log() + ":\n" + lines;
  }

  /** Waits for a server that somebody else has started just now. */
  public void awaitReady() throws InterruptedException {
    try (WatchService changes = FileSystems.getDefault().newWatchService()) {
      dataDir.run().register(changes, StandardWatchEventKinds.ENTRY_CREATE);
      CompletableFuture<Boolean> ready = new CompletableFuture<>();
      Thread waiter =
          Thread.ofVirtual().name("await-ready").start(() -> awaitReadyFile(changes, ready));
      ready.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      waiter.interrupt();
    } catch (TimeoutException | ExecutionException e) {
      throw new UserError("the server does not become ready:\n" + lastLogLines());
    } catch (IOException e) {
      throw new UserError("cannot watch " + dataDir.run() + ": " + e.getMessage());
    }
  }

  private static boolean await(CompletableFuture<Boolean> ready, Process supervisor)
      throws InterruptedException {
    try {
      return ready.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      supervisor.destroy();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for the server failed", e.getCause());
    }
  }

  private void awaitReadyFile(WatchService changes, CompletableFuture<Boolean> ready) {
    try {
      while (!Files.exists(dataDir.ready())) {
        WatchKey key = changes.take();
        key.pollEvents();
        key.reset();
      }
      ready.complete(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.nio.file.ClosedWatchServiceException e) {
      ready.complete(false);
    }
  }

  private Process launch(String launcher, List<String> serverArguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("setsid", launcher, "supervise"));
    command.addAll(serverArguments);
    return new ProcessBuilder(command)
        .directory(Path.of("/").toFile())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dataDir.log().toFile()))
        .start();
  }

  /** The end of the background server's log. */
  public String lastLogLines() {
    try {
      List<String> lines = Files.readAllLines(dataDir.log(), StandardCharsets.UTF_8);
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    } catch (IOException e) {
      return "(no log in " + dataDir.log() + ")";
    }
  }

  /** Stops supervisor and server and waits until they are gone. False when nothing ran. */
  public boolean stop(Duration limit) throws InterruptedException {
    Optional<ProcessHandle> supervisor = supervisor();
    Optional<ProcessHandle> server = server();
    supervisor.ifPresent(ProcessHandle::destroy);
    server.ifPresent(ProcessHandle::destroy);
    boolean gone = true;
    for (Optional<ProcessHandle> process : List.of(server, supervisor)) {
      if (process.isPresent()) {
        gone &= awaitExit(process.get(), limit);
      }
    }
    if (!gone) {
      throw new UserError(
          "the server did not stop within " + limit.toSeconds() + " s; see " + dataDir.log());
    }
    return supervisor.isPresent() || server.isPresent();
  }

  private static boolean awaitExit(ProcessHandle process, Duration limit)
      throws InterruptedException {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return !process.isAlive();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process failed", e.getCause());
    }
  }
}
