package dev.kapell.control.loop;

import java.time.Duration;

/** How the work on one name ended. */
public sealed interface Outcome {
  /** Nothing more to do until something changes. */
  record Done() implements Outcome {}

  /**
   * Something is due without any further change.
   *
   * @param after how long to wait
   */
  record Again(Duration after) implements Outcome {}

  /**
   * It did not work; it is tried again after the name's back-off.
   *
   * @param cause what a person reads in the log
   * @param expected true for losing a race, which nobody has to read
   */
  record Failed(String cause, boolean expected) implements Outcome {}

  /** Nothing more to do. */
  static Outcome done() {
    return new Done();
  }

  /** Once more after {@code delay}. */
  static Outcome again(Duration delay) {
    return new Again(delay);
  }

  /** Once more after the back-off. */
  static Outcome failed(String cause) {
    return new Failed(cause, false);
  }
}
