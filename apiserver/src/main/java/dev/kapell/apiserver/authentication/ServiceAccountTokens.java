package dev.kapell.apiserver.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.apiserver.request.TokenIssuer;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Signs and reads service-account tokens: JWTs on ES256 with Kubernetes' claims. Thread-safe.
 *
 * <p>Whether the account and the object that a token is bound to still exist is for {@link
 * TokenAuthenticator} to check.
 */
public final class ServiceAccountTokens implements TokenIssuer {
  /** The issuer, and the audience of a token that names none. */
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  /** When a token ends that only its Secret ends. */
  private static final Instant UNLIMITED = Instant.parse("9999-12-31T23:59:59Z");

  /** For whom a token has to be to be good here. */
  public static final List<String> API_AUDIENCES =
      List.of(ISSUER, "https://kubernetes.default.svc", "kapell");

  private static final String KEY_ID = "kapell-service-accounts";
  private static final String CLAIM = "kubernetes.io";
  private static final String WARN_AFTER = "warnafter";

  /** The lifetime of tokens that are mounted into pods, as admission asks for it. */
  private static final long MOUNTED_SECONDS = 3607;

  /** How long those are good in truth, for clients that do not read them again. */
  private static final long EXTENDED_SECONDS = 365 * 24 * 3600;

  private final ECPrivateKey signing;
  private final ECPublicKey verifying;
  private final Clock clock;
  private final Randomness randomness;

  /** With the keys of {@code pki}. */
  public ServiceAccountTokens(ClusterPki pki, Clock clock, Randomness randomness) {
    this.signing = (ECPrivateKey) pki.serviceAccountKey();
    this.verifying = (ECPublicKey) pki.serviceAccountPublicKey();
    this.clock = clock;
    this.randomness = randomness;
  }

  /**
   * What a good token says.
   *
   * @param audiences for whom it is
   * @param bound the object that it dies with
   * @param node where the pod is that it is bound to
   */
  record Claims(
      String namespace,
      String serviceAccount,
      String uid,
      Optional<Bound> bound,
      Optional<Bound> node,
      List<String> audiences,
      Instant expires,
      String id) {}

  @Override
  public Issued issue(Order order) {
    Instant now = clock.now();
    Instant expires = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(order.lifetimeSeconds());
    List<String> audiences = order.audiences().isEmpty() ? List.of(ISSUER) : order.audiences();
    boolean extended =
        order.lifetimeSeconds() == MOUNTED_SECONDS
            && order.bound().isPresent()
            && API_AUDIENCES.containsAll(audiences);
    Map<String, Object> kubernetes = new LinkedHashMap<>();
    kubernetes.put("namespace", order.namespace());
    kubernetes.put("serviceaccount", reference(order.serviceAccount(), order.uid()));
    order
        .bound()
        .ifPresent(
            bound ->
                kubernetes.put(
                    bound.kind().toLowerCase(Locale.ROOT), reference(bound.name(), bound.uid())));
    order.node().ifPresent(node -> kubernetes.put("node", reference(node.name(), node.uid())));
    if (extended) {
      kubernetes.put(WARN_AFTER, expires.getEpochSecond());
    }
    Instant end = extended ? expires.plusSeconds(EXTENDED_SECONDS - MOUNTED_SECONDS) : expires;
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject("system:serviceaccount:" + order.namespace() + ":" + order.serviceAccount())
            .audience(audiences)
            .issueTime(Date.from(now))
            .notBeforeTime(Date.from(now))
            .expirationTime(order.lifetimeSeconds() == 0 ? null : Date.from(end))
            .jwtID(randomness.uuid().toString())
            .claim(CLAIM, kubernetes)
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(KEY_ID).type(JOSEObjectType.JWT).build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new ECDSASigner(signing));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a service-account token", e);
    }
    return new Issued(token.serialize(), expires, audiences);
  }

  private static Map<String, Object> reference(String name, String uid) {
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("name", name);
    reference.put("uid", uid);
    return reference;
  }

  /**
   * Reads a token whose signature, issuer and dates are right.
   *
   * @param audiences for whom it may be; empty: for the API server
   */
  Optional<Claims> read(String jwt, List<String> audiences) {
    try {
      SignedJWT token = SignedJWT.parse(jwt);
      boolean ours =
          JWSAlgorithm.ES256.equals(token.getHeader().getAlgorithm())
              && token.verify(new ECDSAVerifier(verifying));
      if (!ours) {
        return Optional.empty();
      }
      JWTClaimsSet claims = token.getJWTClaimsSet();
      List<String> wanted = audiences.isEmpty() ? API_AUDIENCES : audiences;
      Date expires = claims.getExpirationTime();
      boolean good =
          ISSUER.equals(claims.getIssuer())
              && (expires == null || expires.toInstant().isAfter(clock.now()))
              && claims.getAudience().stream().anyMatch(wanted::contains);
      return good
          ? Optional.of(
              claims(claims, claims.getAudience().stream().filter(wanted::contains).toList()))
          : Optional.empty();
    } catch (ParseException
        | JOSEException
        | ClassCastException
        | IllegalArgumentException broken) {
      return Optional.empty();
    }
  }

  private static Claims claims(JWTClaimsSet claims, List<String> audiences) throws ParseException {
    Map<String, Object> kubernetes = claims.getJSONObjectClaim(CLAIM);
    if (kubernetes == null) {
      throw new IllegalArgumentException("the token says nothing of an account");
    }
    Obj said = Obj.root(kubernetes);
    Obj account = said.child("serviceaccount");
    return new Claims(
        said.text("namespace"),
        account.text("name"),
        account.text("uid"),
        bound(said),
        said.find("node").map(node -> new Bound("Node", node.text("name"), node.text("uid"))),
        audiences,
        claims.getExpirationTime() == null ? UNLIMITED : claims.getExpirationTime().toInstant(),
        String.valueOf(claims.getJWTID()));
  }

  private static Optional<Bound> bound(Obj said) {
    for (String kind : List.of("Pod", "Secret", "Node")) {
      Optional<Obj> reference = said.find(kind.toLowerCase(Locale.ROOT));
      if (reference.isPresent()) {
        return Optional.of(
            new Bound(kind, reference.get().text("name"), reference.get().text("uid")));
      }
    }
    return Optional.empty();
  }

  /** The public keys, as OpenID discovery serves them at {@code /openid/v1/jwks}. */
  public String keySet() {
    ECKey key =
        new ECKey.Builder(Curve.P_256, verifying)
            .keyID(KEY_ID)
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.ES256)
            .build();
    return "{\"keys\":[" + key.toJSONString() + "]}";
  }
}
