package dev.kapell.app.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One line an event on standard error: time, level, logger, message; a stack trace below it where
 * there is one.
 */
public final class ServerLog {
  private ServerLog() {}

  /** What a server writes. Replaces the platform's two-line format. */
  public static void configure() {
    configure(Level.INFO);
  }

  /** What any other command writes: only what is wrong. */
  public static void configureQuiet() {
    configure(Level.WARNING);
  }

  private static void configure(Level least) {
    LogManager.getLogManager().reset();
    ConsoleHandler handler = new ConsoleHandler();
    handler.setLevel(least);
    handler.setFormatter(new OneLine());
    handler.setFilter(ServerLog::isNews);
    Logger.getLogger("").addHandler(handler);
  }

  /** What Netty's protocols say of peers that break their rules would let a peer fill the log. */
  private static boolean isNews(LogRecord line) {
    String logger = line.getLoggerName();
    boolean ofPeers = logger != null && logger.startsWith("io.netty.handler.");
    return !ofPeers || line.getLevel().intValue() >= Level.SEVERE.intValue();
  }

  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord record) {
      StringBuilder line = new StringBuilder();
      line.append(record.getInstant())
          .append(' ')
          .append(record.getLevel().getName())
          .append(' ')
          .append(record.getLoggerName())
          .append(' ')
          .append(formatMessage(record))
          .append('\n');
      if (record.getThrown() != null) {
        StringWriter trace = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(trace));
        line.append(trace);
      }
      return line.toString();
    }
  }
}
