package dev.kapell.host.process;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Starts programs of this machine. Blocking, safe from any thread. */
public interface Processes {

  /** The programs of this machine. */
  static Processes ofThisMachine() {
    return new LocalProcesses();
  }

  /**
   * Runs a program to its end.
   *
   * @throws CommandFailure when it cannot be started or does not end within {@link Command#limit};
   *     it and its children are then killed. An exit code other than 0 is a result, not a failure
   */
  CommandResult run(Command command) throws InterruptedException;

  /**
   * Runs a program and insists on exit code 0.
   *
   * @return its standard output
   */
  default String require(Command command) throws InterruptedException {
    return run(command).orThrow(command);
  }

  /**
   * Starts a program in a session of its own: it gets none of our terminal's signals and lives on
   * when we die. Its output is appended to {@code log}.
   *
   * @return its process id
   */
  long startDetached(Command command, Path log);

  /** Whether a process with this id exists. */
  boolean isAlive(long pid);

  /** Completes when the process has ended, child of ours or not. At once when there is none. */
  CompletableFuture<Void> onExit(long pid);

  /** Sends {@code signal} to a process; false when it is gone. */
  boolean signal(long pid, Signal signal);

  /** Kills a process and all below it; returns when they are gone. */
  void killTree(long pid) throws InterruptedException;

  /** Signals that we send. */
  enum Signal {
    /** Please end. */
    TERM,
    /** End. */
    KILL
  }
}
