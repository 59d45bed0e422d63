package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * Finds out who sent a request: by bearer token, by client certificate, else nobody in particular.
 */
public final class Authenticator {
  /** Who sent neither certificate nor token. */
  public static final User ANONYMOUS =
      new User("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

  private static final String BEARER = "Bearer ";
  private static final String WEBSOCKET_BEARER = "base64url.bearer.authorization.k8s.io.";

  private final TokenAuthenticator tokens;
  private final Predicate<String> anonymous;

  /**
   * With the judge of tokens; certificates were verified by the TLS connection.
   *
   * @param anonymous on which paths requests of nobody are let in
   */
  public Authenticator(TokenAuthenticator tokens, Predicate<String> anonymous) {
    this.tokens = tokens;
    this.anonymous = anonymous;
  }

  /** The sender; throws 401 when the request shows a token that is not good. */
  public User authenticate(Exchange exchange) {
    Optional<String> token = token(exchange);
    if (token.isPresent()) {
      return tokens
          .verify(token.get(), List.of())
          .map(Verified::user)
          .orElseThrow(Failures::unauthorized);
    }
    List<X509Certificate> chain = exchange.peerCertificates();
    if (!chain.isEmpty()) {
      return user(chain.getFirst());
    }
    if (!anonymous.test(exchange.path())) {
      throw Failures.unauthorized();
    }
    return ANONYMOUS;
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

  /** The user that a client certificate names: CN, and O for each group. */
  static User user(X509Certificate certificate) {
    String name = "";
    List<String> groups = new ArrayList<>();
    try {
      String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
      for (Rdn rdn : new LdapName(subject).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          name = String.valueOf(rdn.getValue());
        } else if (rdn.getType().equalsIgnoreCase("O")) {
          groups.add(String.valueOf(rdn.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      throw unauthorized(e);
    }
    if (name.isEmpty()) {
      throw Failures.unauthorized();
    }
    groups.add("system:authenticated");
    return new User(name, "", groups, Map.of());
  }
}
