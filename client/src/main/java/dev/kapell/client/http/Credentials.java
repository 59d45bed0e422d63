package dev.kapell.client.http;

import java.net.URI;
import java.util.Optional;

/**
 * Where a server is and who we are to it. All certificates and keys are PEM text.
 *
 * @param server for instance {@code https://127.0.0.1:6443}
 * @param authority the certificates that the server's has to chain to; empty: the machine's own
 * @param certificate our client certificate
 * @param key its private key, PKCS #8
 * @param token a bearer token
 * @param namespace the namespace to use when none is named
 */
public record Credentials(
    URI server,
    Optional<String> authority,
    Optional<String> certificate,
    Optional<String> key,
    Optional<String> token,
    String namespace) {

  @Override
  public String toString() {
    return "Credentials[" + server + "]";
  }
}
