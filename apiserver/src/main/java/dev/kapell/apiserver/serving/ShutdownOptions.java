package dev.kapell.apiserver.serving;

import java.time.Duration;

/**
 * How a server ends.
 *
 * @param delay how long it serves on after {@code /readyz} has begun to fail, so that load
 *     balancers hear of it
 * @param drain how long the requests that run then may take
 */
public record ShutdownOptions(Duration delay, Duration drain) {
  /** No delay, as nobody balances the load of one server; half a minute for what runs. */
  public static ShutdownOptions defaults() {
    return new ShutdownOptions(Duration.ZERO, Duration.ofSeconds(30));
  }
}
