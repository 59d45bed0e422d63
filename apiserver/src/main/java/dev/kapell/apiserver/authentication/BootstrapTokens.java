package dev.kapell.apiserver.authentication;

import dev.kapell.api.Bytes;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Secret;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Reader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens by which new nodes introduce themselves: {@code ID.SECRET}, each a Secret {@code
 * bootstrap-token-ID} of the type {@code bootstrap.kubernetes.io/token} in {@code kube-system}.
 */
public final class BootstrapTokens implements TokenSource {
  private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
  private static final Pattern GROUP =
      Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
  private static final String TYPE = "bootstrap.kubernetes.io/token";
  private static final Duration UNLIMITED = Duration.ofHours(1);

  private final Reader reader;
  private final Clock clock;

  /** Reads the Secrets through {@code reader}. */
  public BootstrapTokens(Reader reader, Clock clock) {
    this.reader = reader;
    this.clock = clock;
  }

  @Override
  public Optional<Verified> verify(String token, List<String> audiences) {
    Matcher parts = TOKEN.matcher(token);
    if (!parts.matches() || !audiences.isEmpty()) {
      return Optional.empty();
    }
    String id = parts.group(1);
    return reader
        .find(Types.SECRET, new ObjectKey("kube-system", "bootstrap-token-" + id))
        .filter(secret -> isGood(secret, id, parts.group(2)))
        .flatMap(secret -> expiry(secret).map(until -> verified(secret, id, until)));
  }

  private static boolean isGood(Secret secret, String id, String word) {
    return secret.typeOr("").equals(TYPE)
        && secret.metadata().deletionTimestamp() == null
        && text(secret, "token-id").equals(id)
        && MessageDigest.isEqual(bytes(text(secret, "token-secret")), bytes(word))
        && text(secret, "usage-bootstrap-authentication").equals("true")
        && extraGroups(secret).stream().allMatch(group -> GROUP.matcher(group).matches());
  }

  /** When the token ends; empty when it has, or when nobody can tell. */
  private Optional<Instant> expiry(Secret secret) {
    String text = text(secret, "expiration");
    if (text.isEmpty()) {
      return Optional.of(clock.now().plus(UNLIMITED));
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant())
          .filter(until -> until.isAfter(clock.now()));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  private static Verified verified(Secret secret, String id, Instant until) {
    List<String> groups = new ArrayList<>();
    groups.add("system:bootstrappers");
    groups.addAll(extraGroups(secret));
    groups.add("system:authenticated");
    return new Verified(new User("system:bootstrap:" + id, "", groups, Map.of()), List.of(), until);
  }

  private static List<String> extraGroups(Secret secret) {
    String text = text(secret, "auth-extra-groups");
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  private static String text(Secret secret, String key) {
    Bytes value = secret.data().get(key);
    return value == null ? "" : new String(value.toArray(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
