package dev.kapell.apiserver.authentication;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.apiserver.authentication.ServiceAccountTokens.Claims;
import dev.kapell.apiserver.request.TokenIssuer.Bound;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Reader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a token into its user, as long as the account and the bound object exist. What was found is
 * believed for a few seconds; the cache is bounded.
 */
public final class TokenAuthenticator {
  private static final Duration BELIEVED = Duration.ofSeconds(10);
  private static final int CACHED = 2000;

  private record Known(Verified verified, Instant until) {}

  /**
   * A good token.
   *
   * @param user who it stands for
   * @param audiences which of the asked ones it is for
   */
  public record Verified(User user, List<String> audiences) {}

  private final ServiceAccountTokens tokens;
  private final Reader reader;
  private final Clock clock;
  private final Map<String, Known> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > CACHED;
        }
      };

  /** Looks accounts and pods up through {@code reader}. */
  public TokenAuthenticator(ServiceAccountTokens tokens, Reader reader, Clock clock) {
    this.tokens = tokens;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * The user of {@code token}, when it is good for one of {@code audiences} (empty: this server).
   */
  public Optional<Verified> verify(String token, List<String> audiences) {
    String key = String.join(",", audiences) + " " + token;
    Instant now = clock.now();
    synchronized (cache) {
      Known known = cache.get(key);
      if (known != null && known.until().isAfter(now)) {
        return Optional.of(known.verified());
      }
    }
    Optional<Claims> claims = tokens.read(token, audiences).filter(this::exists);
    if (claims.isEmpty()) {
      return Optional.empty();
    }
    Verified verified = new Verified(user(claims.get()), claims.get().audiences());
    Instant until = now.plus(BELIEVED);
    Instant end = claims.get().expires();
    synchronized (cache) {
      cache.put(key, new Known(verified, until.isBefore(end) ? until : end));
    }
    return Optional.of(verified);
  }

  private boolean exists(Claims claims) {
    boolean account =
        has(
            Types.SERVICE_ACCOUNT,
            new ObjectKey(claims.namespace(), claims.serviceAccount()),
            claims.uid());
    return account && claims.bound().map(bound -> exists(claims, bound)).orElse(true);
  }

  private boolean exists(Claims claims, Bound bound) {
    return switch (bound.kind()) {
      case "Pod" -> has(Types.POD, new ObjectKey(claims.namespace(), bound.name()), bound.uid());
      case "Secret" ->
          has(Types.SECRET, new ObjectKey(claims.namespace(), bound.name()), bound.uid());
      default -> has(Types.NODE, ObjectKey.cluster(bound.name()), bound.uid());
    };
  }

  private <T extends ApiObject> boolean has(ResourceType<T> type, ObjectKey key, String uid) {
    return reader
        .find(type, key)
        .filter(found -> found.metadata().uidOr("").equals(uid))
        .isPresent();
  }

  private static User user(Claims claims) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + claims.id()));
    claims
        .bound()
        .filter(bound -> bound.kind().equals("Pod"))
        .ifPresent(
            pod -> {
              extra.put("authentication.kubernetes.io/pod-name", List.of(pod.name()));
              extra.put("authentication.kubernetes.io/pod-uid", List.of(pod.uid()));
            });
    return serviceAccount(claims.namespace(), claims.serviceAccount(), claims.uid(), extra);
  }

  static User serviceAccount(
      String namespace, String name, String uid, Map<String, List<String>> extra) {
    List<String> groups = new ArrayList<>();
    groups.add("system:serviceaccounts");
    groups.add("system:serviceaccounts:" + namespace);
    groups.add("system:authenticated");
    return new User("system:serviceaccount:" + namespace + ":" + name, uid, groups, extra);
  }
}
