package dev.kapell.apiserver.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.kapell.apiserver.authentication.TokenSource;
import dev.kapell.apiserver.authentication.Verified;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Believes the tokens of one other issuer. Thread-safe; blocks for the issuer's keys. */
public final class JwtSource implements TokenSource {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration SKEW = Duration.ofSeconds(10);

  private final IssuerSettings settings;
  private final IssuerKeys keys;
  private final Clock clock;

  /** Fetches the issuer's keys when they are needed. */
  public JwtSource(IssuerSettings settings, Clock clock) {
    this.settings = settings;
    this.keys = new IssuerKeys(settings, clock);
    this.clock = clock;
  }

  @Override
  public Optional<Verified> verify(String token, List<String> audiences) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      if (!settings.url().equals(claims.getIssuer()) || !audiences.isEmpty()) {
        return Optional.empty();
      }
      JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
      boolean asymmetric =
          JWSAlgorithm.Family.RSA.contains(algorithm) || JWSAlgorithm.Family.EC.contains(algorithm);
      if (!asymmetric || !keys.verify(jwt)) {
        return refused("its signature is not the issuer's");
      }
      return verified(claims);
    } catch (ParseException notOurs) {
      return Optional.empty();
    } catch (Mapping.Unusable | JOSEException | IOException e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Verified> refused(String why) {
    LOG.log(System.Logger.Level.DEBUG, "token of {0} refused: {1}", settings.url(), why);
    return Optional.empty();
  }

  private Optional<Verified> verified(JWTClaimsSet set) throws Mapping.Unusable {
    Date end = set.getExpirationTime();
    Date start = set.getNotBeforeTime();
    Instant now = clock.now();
    if (end == null || !end.toInstant().isAfter(now)) {
      return refused("it has expired");
    }
    if (start != null && start.toInstant().isAfter(now.plus(SKEW))) {
      return refused("it is not good yet");
    }
    if (set.getAudience().stream().noneMatch(settings.audiences()::contains)) {
      return refused("it is for somebody else");
    }
    Map<String, Object> claims = json(set);
    for (Rule rule : settings.claimRules()) {
      rule.check(claims);
    }
    User user = user(claims);
    for (Rule rule : settings.userRules()) {
      rule.check(facts(user));
    }
    return Optional.of(new Verified(user, List.of(), end.toInstant()));
  }

  private User user(Map<String, Object> claims) throws Mapping.Unusable {
    List<String> names = settings.username().of(claims);
    if (names.size() != 1 || names.getFirst().isEmpty()) {
      throw new Mapping.Unusable("the token names no user");
    }
    if (settings.username() instanceof Mapping.Claim(String claim, String _)
        && claim.equals("email")
        && !Boolean.TRUE.equals(claims.getOrDefault("email_verified", true))) {
      throw new Mapping.Unusable("email not verified");
    }
    List<String> groups = new ArrayList<>(settings.groups().of(claims));
    groups.add("system:authenticated");
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (Map.Entry<String, Mapping> each : settings.extra().entrySet()) {
      List<String> values = each.getValue().of(claims);
      if (!values.isEmpty()) {
        extra.put(each.getKey(), values);
      }
    }
    List<String> uid = settings.uid().of(claims);
    return new User(names.getFirst(), uid.isEmpty() ? "" : uid.getFirst(), groups, extra);
  }

  private static Map<String, Object> facts(User user) {
    return Map.of(
        "username", user.name(),
        "uid", user.uid(),
        "groups", user.groups(),
        "extra", user.extra());
  }

  /** Dates as the token has them: seconds. */
  private static Map<String, Object> json(JWTClaimsSet set) {
    Map<String, Object> claims = new LinkedHashMap<>();
    set.toJSONObject()
        .forEach(
            (name, value) ->
                claims.put(name, value instanceof Integer n ? (Object) n.longValue() : value));
    return claims;
  }
}
