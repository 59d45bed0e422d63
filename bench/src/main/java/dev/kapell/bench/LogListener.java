package dev.kapell.bench;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hears what a server in this process warns of. Tells on the thread that warns. */
public final class LogListener extends Handler implements AutoCloseable {
  private final Logger logger;
  private final Consumer<String> told;

  /**
   * @param told of each warning and its cause
   */
  public LogListener(String name, Consumer<String> told) {
    this.logger = Logger.getLogger(name);
    this.told = told;
    logger.addHandler(this);
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
      Throwable cause = line.getThrown();
      told.accept(line.getMessage() + (cause == null ? "" : ": " + cause));
    }
  }

  @Override
  public void flush() {
    // nothing is kept
  }

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
