package dev.kapell.apiserver.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.SignedJWT;
import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.turn.Turns;
import dev.kapell.base.Clock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer, found by discovery when the first token comes, fetched again when they get
 * old or a token names an unknown one, at most twice in half a minute. Thread-safe.
 */
final class IssuerKeys {
  private static final int PATIENCE_MILLIS = 5000;
  private static final int MOST_BYTES = 1 << 20;
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final IssuerSettings settings;
  private final Clock clock;
  private volatile @Nullable JWKSource<SecurityContext> source;
  private volatile Instant nextTry = Instant.MIN;

  IssuerKeys(IssuerSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Whether one of the keys signed {@code token}. */
  boolean verify(SignedJWT token) throws IOException, JOSEException {
    JWSHeader header = token.getHeader();
    JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
    if (matcher == null) {
      return false;
    }
    Turns.leave(); // the issuer may have to be asked
    for (JWK key : source().get(new JWKSelector(matcher), null)) {
      if (key instanceof AsymmetricJWK pair
          && token.verify(
              new DefaultJWSVerifierFactory().createJWSVerifier(header, pair.toPublicKey()))) {
        return true;
      }
    }
    return false;
  }

  private JWKSource<SecurityContext> source() throws IOException {
    JWKSource<SecurityContext> known = source;
    if (known != null) {
      return known;
    }
    if (clock.now().isBefore(nextTry)) {
      throw new IOException("the issuer did not answer a moment ago");
    }
    nextTry = clock.now().plus(RETRY);
    DefaultResourceRetriever retriever =
        new DefaultResourceRetriever(PATIENCE_MILLIS, PATIENCE_MILLIS, MOST_BYTES, true, sockets());
    String text =
        retriever.retrieveResource(URI.create(settings.discoveryUrl()).toURL()).getContent();
    Object document = JsonCodec.readTree(text.getBytes(StandardCharsets.UTF_8));
    if (!(document instanceof Map<?, ?> map)
        || !settings.url().equals(map.get("issuer"))
        || !(map.get("jwks_uri") instanceof String keys)
        || !keys.startsWith("https://")) {
      throw new IOException(
          settings.discoveryUrl() + " does not describe the issuer " + settings.url());
    }
    JWKSource<SecurityContext> made =
        JWKSourceBuilder.create(URI.create(keys).toURL(), retriever).retrying(true).build();
    source = made;
    return made;
  }

  private @Nullable SSLSocketFactory sockets() throws IOException {
    if (settings.authorityPem().isEmpty()) {
      return null;
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(
                      settings.authorityPem().getBytes(StandardCharsets.US_ASCII)))) {
        store.setCertificateEntry("authority-" + count++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificateAuthority of " + settings.url() + " is unusable", e);
    }
  }
}
