package dev.kapell.host.process;

import dev.kapell.base.TaskScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Processes of this machine, through {@link ProcessBuilder} and {@link ProcessHandle}. */
final class LocalProcesses implements Processes {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  @Override
  public CommandResult run(Command command) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command.arguments());
    builder.environment().putAll(command.environment());
    Process process = start(builder, command);
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    boolean ended = false;
    try (TaskScope pumps = new TaskScope(command.arguments().getFirst(), LocalProcesses::ignore)) {
      CompletableFuture<Void> outDone = new CompletableFuture<>();
      CompletableFuture<Void> errDone = new CompletableFuture<>();
      pumps.start("in", () -> feed(command.input(), process.getOutputStream()));
      pumps.start("out", () -> drain(process.getInputStream(), stdout, command, outDone));
      pumps.start("err", () -> drain(process.getErrorStream(), stderr, command, errDone));
      long limitMillis = command.limit().toMillis();
      try {
        ended =
            process.waitFor(limitMillis, TimeUnit.MILLISECONDS)
                && finished(CompletableFuture.allOf(outDone, errDone), limitMillis);
      } finally {
        if (!ended) {
          // Before the scope waits for the pumps: they end when the pipes do.
          killTree(process.pid());
        }
      }
    }
    if (!ended) {
      throw new CommandFailure(
          command + ": not done after " + command.limit().toSeconds() + " s, killed", -1, null);
    }
    return new CommandResult(
        process.exitValue(),
        stdout.toString(StandardCharsets.UTF_8),
        stderr.toString(StandardCharsets.UTF_8));
  }

  private static Process start(ProcessBuilder builder, Command command) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CommandFailure("cannot start " + command + ": " + e.getMessage(), -1, e);
    }
  }

  /** A program that reads no input closes the pipe early; that is its right. */
  private static void ignore(String task, Throwable cause) {}

  private static void feed(byte[] input, OutputStream to) throws IOException {
    try (to) {
      to.write(input);
    }
  }

  private static void drain(
      InputStream from, ByteArrayOutputStream to, Command command, CompletableFuture<Void> done)
      throws IOException {
    try (from) {
      byte[] buffer = new byte[8192];
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        to.write(buffer, 0, Math.min(n, command.outputLimitBytes() - to.size()));
      }
    } finally {
      done.complete(null);
    }
  }

  private static boolean finished(CompletableFuture<Void> streams, long limitMillis)
      throws InterruptedException {
    try {
      streams.get(limitMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long startDetached(Command command, Path log) {
    // setsid(1) executes the program in its own process when, as here, it leads no group yet.
    List<String> arguments = new ArrayList<>();
    arguments.add("setsid");
    arguments.addAll(command.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(arguments)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(command.environment());
    return start(builder, command).pid();
  }

  @Override
  public boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Override
  public CompletableFuture<Void> onExit(long pid) {
    return ProcessHandle.of(pid)
        .map(handle -> handle.onExit().thenAccept(ended -> {}))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  @Override
  public boolean signal(long pid, Signal signal) {
    return ProcessHandle.of(pid)
        .map(
            handle ->
                switch (signal) {
                  case TERM -> handle.destroy();
                  case KILL -> handle.destroyForcibly();
                })
        .orElse(false);
  }

  @Override
  public void killTree(long pid) throws InterruptedException {
    Optional<ProcessHandle> root = ProcessHandle.of(pid);
    if (root.isEmpty()) {
      return;
    }
    // Parents first, so that none of them sees a child die and starts another.
    List<ProcessHandle> tree = new ArrayList<>();
    tree.add(root.get());
    tree.addAll(root.get().descendants().toList());
    tree.forEach(ProcessHandle::destroyForcibly);
    CompletableFuture<?>[] ends =
        tree.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new CommandFailure("process " + pid + " or one below it does not die", -1, e);
    }
  }
}
