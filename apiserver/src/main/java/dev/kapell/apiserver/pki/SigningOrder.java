package dev.kapell.apiserver.pki;

import java.time.Duration;
import java.util.List;

/**
 * A certificate to be made for somebody else's key.
 *
 * @param requestPem the request
 * @param usages in Kubernetes' words, for instance {@code client auth}
 * @param life how long it is to be good
 */
public record SigningOrder(String requestPem, List<String> usages, Duration life) {
  /** Copies the usages. */
  public SigningOrder {
    usages = List.copyOf(usages);
  }
}
