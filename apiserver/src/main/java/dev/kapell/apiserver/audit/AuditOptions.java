package dev.kapell.apiserver.audit;

import java.nio.file.Path;

/**
 * What is written down, and where.
 *
 * @param policy what
 * @param file where, one line of JSON an event
 * @param rotation how much is kept
 * @param queueEvents how many events wait for the disk before requests wait
 * @param queueBytes how many bytes those hold at most
 */
public record AuditOptions(
    Policy policy, Path file, Rotation rotation, int queueEvents, long queueBytes) {
  /** 100 MiB a file, ten old files, 30 days; 10,000 events of 64 MiB wait. */
  public static AuditOptions to(Path file) {
    return new AuditOptions(
        Policy.builtIn(), file, new Rotation(100L << 20, 10, 30), 10_000, 64L << 20);
  }

  /**
   * How much of the log is kept.
   *
   * @param mostBytes of one file
   * @param mostFiles old files, 0: any number
   * @param mostDays of an old file, 0: for ever
   */
  public record Rotation(long mostBytes, int mostFiles, int mostDays) {
    /** Refuses bounds that make no sense. */
    public Rotation {
      if (mostBytes < 1 || mostFiles < 0 || mostDays < 0) {
        throw new IllegalArgumentException("a log file has at least one byte");
      }
    }
  }

  /** The same with another policy. */
  public AuditOptions with(Policy other) {
    return new AuditOptions(other, file, rotation, queueEvents, queueBytes);
  }

  /** The same with another rotation. */
  public AuditOptions with(Rotation other) {
    return new AuditOptions(policy, file, other, queueEvents, queueBytes);
  }
}
