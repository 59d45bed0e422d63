package dev.kapell.host.runtime;

/**
 * @param runtimeReady sandboxes can be made
 * @param networkReady CNI is configured
 * @param message why not, empty when all is well
 */
public record RuntimeStatus(boolean runtimeReady, boolean networkReady, String message) {
  /** Both are ready. */
  public boolean ready() {
    return runtimeReady && networkReady;
  }
}
