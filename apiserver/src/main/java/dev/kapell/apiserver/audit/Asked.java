package dev.kapell.apiserver.audit;

import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is known of a request before it is handled.
 *
 * @param auditId names the request in every event and in the answer's {@code Audit-Id}
 * @param received when it came
 * @param uri path and query
 * @param verb for instance {@code list}; for a path the method in small letters
 * @param target absent for a path that is no resource
 * @param user as authentication found out
 * @param sourceIps the sender, behind the proxies that it says it came through
 * @param userAgent what the client calls itself
 */
public record Asked(
    String auditId,
    Instant received,
    String uri,
    String verb,
    Optional<Target> target,
    User user,
    List<String> sourceIps,
    String userAgent) {
  /** Copies the list. */
  public Asked {
    sourceIps = List.copyOf(sourceIps);
  }

  /** Whether the request or its answer may hold a Secret or a token. */
  boolean carriesSecrets() {
    return target
        .map(
            asked ->
                // Also by a path that is spelt in another way, and that nothing is served at.
                switch (asked.qualifiedResource().toLowerCase(Locale.ROOT)) {
                  case "secrets", "tokenreviews.authentication.k8s.io" -> true;
                  case "serviceaccounts" -> asked.subresource().equalsIgnoreCase("token");
                  default -> false;
                })
        .orElse(false);
  }

  /** The URI without its query. */
  String path() {
    int question = uri.indexOf('?');
    return question < 0 ? uri : uri.substring(0, question);
  }
}
