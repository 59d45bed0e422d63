package dev.kapell.node.probe;

/**
 * How one action went.
 *
 * @param message what a person should read when it failed
 */
public record Answer(boolean good, String message) {
  static final Answer GOOD = new Answer(true, "");

  static Answer bad(String message) {
    return new Answer(false, message);
  }
}
