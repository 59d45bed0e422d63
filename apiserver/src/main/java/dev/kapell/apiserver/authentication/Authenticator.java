package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds out who sent a request: by what a front proxy says, by client certificate, by bearer token,
 * else nobody in particular.
 */
public final class Authenticator {
  private static final String BEARER = "Bearer ";
  private static final String WEBSOCKET_BEARER = "base64url.bearer.authorization.k8s.io.";

  private final TokenAuthenticator tokens;
  private final Certificates certificates;
  private final Predicate<String> anonymous;

  /**
   * With the judges of tokens and certificates.
   *
   * @param anonymous on which paths requests of nobody are let in
   */
  public Authenticator(
      TokenAuthenticator tokens, Certificates certificates, Predicate<String> anonymous) {
    this.tokens = tokens;
    this.certificates = certificates;
    this.anonymous = anonymous;
  }

  /** The sender; throws 401 when the request shows something that is not good. */
  public User authenticate(Exchange exchange) {
    List<X509Certificate> chain = exchange.peerCertificates();
    if (!chain.isEmpty()) {
      Optional<User> user = certificates.user(chain, exchange.headers());
      if (user.isPresent()) {
        return user.get();
      }
    }
    Optional<String> token = token(exchange);
    if (token.isPresent()) {
      return tokens
          .verify(token.get(), List.of())
          .map(Verified::user)
          .orElseThrow(Failures::unauthorized);
    }
    if (!chain.isEmpty() || !anonymous.test(exchange.path())) {
      throw Failures.unauthorized();
    }
    return User.ANONYMOUS;
  }

  private static Optional<String> token(Exchange exchange) {
    Optional<String> header = exchange.headers().first("Authorization");
    if (header.isPresent()) {
      String value = header.get();
      if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
        throw Failures.unauthorized();
      }
      return Optional.of(value.substring(BEARER.length()).strip());
    }
    for (String line : exchange.headers().all("Sec-WebSocket-Protocol")) {
      for (String protocol : line.split(",", -1)) {
        if (protocol.strip().startsWith(WEBSOCKET_BEARER)) {
          return Optional.of(decode(protocol.strip().substring(WEBSOCKET_BEARER.length())));
        }
      }
    }
    return Optional.empty();
  }

  private static String decode(String base64) {
    try {
      byte[] token = java.util.Base64.getUrlDecoder().decode(base64);
      return new String(token, java.nio.charset.StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw unauthorized(e);
    }
  }

  private static ApiFailure unauthorized(Throwable cause) {
    ApiFailure failure = Failures.unauthorized();
    failure.addSuppressed(cause);
    return failure;
  }
}
