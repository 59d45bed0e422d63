package dev.kapell.apiserver.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.kapell.apiserver.access.Access;
import dev.kapell.apiserver.authentication.Verified;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens of another issuer, whose keys are fetched from a real server over TLS. */
class JwtSourceTest {
  @TempDir static Path directory;
  private static HttpServer issuer;
  private static ClusterPki pki;
  private static ECKey key;

  @BeforeAll
  static void serveKeys() throws Exception {
    pki = ClusterPki.open(directory, Clock.system(), Randomness.secure());
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    issuer =
        HttpServer.start(
            "issuer",
            ServerOptions.at("127.0.0.1", 0).with(pki.server(List.of()).trusting(pki.caPem())),
            JwtSourceTest::answer);
  }

  @AfterAll
  static void stop() {
    issuer.close();
  }

  private static String url() {
    return "https://127.0.0.1:" + issuer.port();
  }

  private static void answer(Exchange exchange) {
    String body =
        exchange.path().equals("/keys")
            ? "{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}"
            : "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}";
    exchange.respond(
        200, Headers.contentType("application/json"), body.getBytes(StandardCharsets.UTF_8));
  }

  private static JwtSource source(String rest) {
    String ca = pki.caPem().strip().replace("\n", "\n      ");
    String yaml =
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AuthenticationConfiguration
        jwt:
        - issuer:
            url: %s
            audiences: [kapell]
            certificateAuthority: |
              %s
        """
                .formatted(url(), ca)
            + rest.indent(2);
    return new JwtSource(
        Access.DEFAULT.withAuthentication(yaml).issuers().getFirst(), Clock.system());
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(url())
        .audience("kapell")
        .subject("ann")
        .claim("groups", List.of("dev", "ops"))
        .claim("hd", "example.com")
        .expirationTime(Date.from(Instant.parse("2999-01-01T00:00:00Z")));
  }

  private static String signed(JWTClaimsSet.Builder claims) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(), claims.build());
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  @Test
  void claimsBecomeAUser() throws Exception {
    JwtSource source =
        source(
            """
            claimMappings:
              username: {claim: sub, prefix: "oidc:"}
              groups: {claim: groups, prefix: "oidc:"}
            """);
    Optional<Verified> verified = source.verify(signed(claims()), List.of());
    assertThat(verified).isPresent();
    assertThat(verified.get().user().name()).isEqualTo("oidc:ann");
    assertThat(verified.get().user().groups())
        .containsExactly("oidc:dev", "oidc:ops", "system:authenticated");
  }

  @Test
  void expressionsMapAndJudge() throws Exception {
    JwtSource source =
        source(
            """
            claimValidationRules:
            - {claim: hd, requiredValue: example.com}
            - {expression: "claims.groups.size() > 1", message: too few groups}
            claimMappings:
              username: {expression: "'x-' + claims.sub"}
              groups: {expression: "claims.groups.filter(g, g != 'ops')"}
              uid: {expression: "claims.sub"}
              extra: [{key: example.com/domain, valueExpression: claims.hd}]
            userValidationRules:
            - {expression: "!user.username.startsWith('system:')", message: reserved}
            """);
    var user = source.verify(signed(claims()), List.of()).orElseThrow().user();
    assertThat(user.name()).isEqualTo("x-ann");
    assertThat(user.uid()).isEqualTo("ann");
    assertThat(user.groups()).containsExactly("dev", "system:authenticated");
    assertThat(user.extra()).isEqualTo(Map.of("example.com/domain", List.of("example.com")));
    assertThat(source.verify(signed(claims().claim("groups", List.of("dev"))), List.of()))
        .isEmpty();
    assertThat(source.verify(signed(claims().claim("hd", "evil.com")), List.of())).isEmpty();
  }

  @Test
  void whatIsNotTheIssuersIsRefused() throws Exception {
    JwtSource source = source("claimMappings: {username: {claim: sub, prefix: ''}}\n");
    assertThat(source.verify(signed(claims()), List.of())).isPresent();
    assertThat(source.verify(signed(claims().audience("other")), List.of())).isEmpty();
    assertThat(source.verify(signed(claims().issuer("https://evil")), List.of())).isEmpty();
    assertThat(source.verify(signed(claims().expirationTime(Date.from(Instant.EPOCH))), List.of()))
        .isEmpty();
    assertThat(source.verify(signed(claims().subject(null)), List.of())).isEmpty();
    assertThat(source.verify(signed(claims()) + "x", List.of())).isEmpty();
    assertThat(source.verify("a.b.c", List.of())).isEmpty();
    SignedJWT forged =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims().build());
    forged.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
    assertThat(source.verify(forged.serialize(), List.of())).isEmpty();
    String[] parts = signed(claims()).split("\\.", -1);
    assertThat(source.verify("eyJhbGciOiJub25lIn0." + parts[1] + ".", List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jwt: [{issuer: {url: 'http://x', audiences: [a]}, claimMappings: {username: {claim: sub,"
            + " prefix: ''}}}]|must be a URL that begins with https://",
        "jwt: [{issuer: {url: 'https://x'}, claimMappings: {username: {claim: sub, prefix:"
            + " ''}}}]|must name at least one audience",
        "jwt: [{issuer: {url: 'https://x', audiences: [a, b]}, claimMappings: {username: {claim:"
            + " sub, prefix: ''}}}]|must be MatchAny for multiple audiences",
        "jwt: [{issuer: {url: 'https://x', audiences: [a]}, claimMappings: {username: {claim:"
            + " sub}}}]|prefix is required when claim is set",
        "jwt: [{issuer: {url: 'https://x', audiences: [a]}, claimMappings: {username: {expression:"
            + " 'claims.'}}}]|claimMappings.username.expression does not compile",
        "jwt: [{issuer: {url: 'https://x', audiences: [a]}, claimMappings:"
            + " {}}]|claimMappings.username.claim or expression is required",
        "jwt: [{issuer: {url: 'https://x', audiences: [a]}, claimMappings: {username: {claim: s,"
            + " prefix: ''}}, userValidationRules: [{expression: '1'}]}]|must evaluate to bool",
        "jwt: [{issuers: {}}]|issuers is not a known field",
        "anonymous: {enabled: false, conditions: [{path: /livez}]}|must be empty when anonymous"
            + " requests are not enabled",
        "anonymous: {enabled: true, conditions: [{path: livez}]}|must begin with /",
      })
  void aConfigurationThatIsWrongSaysWhy(String wrong, String message) {
    String yaml =
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n" + wrong;
    assertThatThrownBy(() -> Access.DEFAULT.withAuthentication(yaml)).hasMessageContaining(message);
  }

  @Test
  void anonymousRequestsCanBeKeptToPaths() {
    Access access =
        Access.DEFAULT.withAuthentication(
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n"
                + "anonymous: {enabled: true, conditions: [{path: /livez}]}");
    assertThat(access.anonymous().admits("/livez")).isTrue();
    assertThat(access.anonymous().admits("/livez/x")).isFalse();
    assertThat(Access.DEFAULT.anonymous().admits("/api")).isTrue();
  }
}
