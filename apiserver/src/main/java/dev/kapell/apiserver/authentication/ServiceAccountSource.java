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
import org.jspecify.annotations.Nullable;

/** Tokens of service accounts: good as long as the account and the bound object are there. */
public final class ServiceAccountSource implements TokenSource {
  private static final Duration FAREWELL = Duration.ofSeconds(60);

  private final ServiceAccountTokens tokens;
  private final Reader reader;
  private final Clock clock;

  /** Looks accounts and what tokens are bound to up through {@code reader}. */
  public ServiceAccountSource(ServiceAccountTokens tokens, Reader reader, Clock clock) {
    this.tokens = tokens;
    this.reader = reader;
    this.clock = clock;
  }

  @Override
  public Optional<Verified> verify(String token, List<String> audiences) {
    return tokens
        .read(token, audiences)
        .filter(this::exists)
        .map(claims -> new Verified(user(claims), claims.audiences(), claims.expires()));
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
        .filter(found -> isAlive(found.metadata().deletionTimestamp()))
        .isPresent();
  }

  /** What is being deleted stands for somebody a little longer, to say goodbye. */
  private boolean isAlive(@Nullable Instant deletion) {
    return deletion == null || clock.now().isBefore(deletion.plus(FAREWELL));
  }

  private static User user(Claims claims) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + claims.id()));
    claims
        .bound()
        .filter(bound -> bound.kind().equals("Pod"))
        .ifPresent(pod -> describe(extra, "pod", pod));
    claims
        .node()
        .or(() -> claims.bound().filter(bound -> bound.kind().equals("Node")))
        .ifPresent(node -> describe(extra, "node", node));
    return serviceAccount(claims.namespace(), claims.serviceAccount(), claims.uid(), extra);
  }

  private static void describe(Map<String, List<String>> extra, String what, Bound object) {
    extra.put("authentication.kubernetes.io/" + what + "-name", List.of(object.name()));
    extra.put("authentication.kubernetes.io/" + what + "-uid", List.of(object.uid()));
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
