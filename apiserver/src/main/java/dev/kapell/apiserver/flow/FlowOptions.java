package dev.kapell.apiserver.flow;

import java.time.Duration;

/**
 * The bounds of flow control.
 *
 * @param seats how many requests run at a time, those of exempt levels aside
 * @param patience how long a request waits for a seat
 * @param turns how many of those with seats are worked on at a time
 */
public record FlowOptions(int seats, Duration patience, int turns) {
  private static final int SEATS_PER_PROCESSOR = 16;

  /** Refuses bounds that make no sense. */
  public FlowOptions {
    if (seats < 1 || turns < 1 || patience.isNegative()) {
      throw new IllegalArgumentException("a server has at least one seat and one turn");
    }
  }

  /**
   * 16 seats a processor, at least 64; a request waits for 15 seconds; a turn a processor, at least
   * two.
   */
  public static FlowOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new FlowOptions(
        Math.max(64, processors * SEATS_PER_PROCESSOR),
        Duration.ofSeconds(15),
        Math.max(2, processors));
  }

  /** These, with another number of seats. */
  public FlowOptions withSeats(int other) {
    return new FlowOptions(other, patience, turns);
  }
}
