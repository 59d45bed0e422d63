package dev.kapell.apiserver.request;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Signs service-account tokens; supplied by whoever owns the key. Thread-safe. */
public interface TokenIssuer {

  /**
   * What a token says.
   *
   * @param namespace of the service account
   * @param serviceAccount its name
   * @param uid its uid
   * @param audiences empty: the API server itself
   * @param lifetimeSeconds how long it is good for; 0: as long as what it is bound to
   * @param bound the object that the token dies with
   * @param node where the pod is that it is bound to, if it is bound to one
   */
  record Order(
      String namespace,
      String serviceAccount,
      String uid,
      List<String> audiences,
      long lifetimeSeconds,
      Optional<Bound> bound,
      Optional<Bound> node) {
    /** Copies the list. */
    public Order {
      audiences = List.copyOf(audiences);
    }
  }

  /** The object that a token is bound to: a Pod, Secret or Node. */
  record Bound(String kind, String name, String uid) {}

  /**
   * A signed token.
   *
   * @param jwt compact form
   * @param expires when its holder is to have replaced it
   * @param audiences for whom it is
   */
  record Issued(String jwt, Instant expires, List<String> audiences) {}

  /** Signs {@code order}. */
  Issued issue(Order order);
}
