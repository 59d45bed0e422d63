package dev.kapell.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

/**
 * TLS contexts of clients from PEM texts, on the JDK's own implementation.
 *
 * <p>Netty's builder would read the PEM itself; that loads all of Bouncy Castle and derives keys
 * for a key store that nobody ever sees, together a third of a second of each start.
 */
final class Tls {
  static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private Tls() {}

  static SslContext client(TlsIdentity identity) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(PROTOCOLS)
            .endpointIdentificationAlgorithm(identity.anyPeer() ? "" : "HTTPS");
    try {
      if (!identity.chainPem().isEmpty()) {
        builder.keyManager(PemStores.keys(identity.chainPem(), identity.keyPem()));
      }
      if (identity.anyPeer()) {
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
      } else if (identity.trustedPem().isPresent()) {
        builder.trustManager(PemStores.trusts(identity.trustedPem().get()));
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new SSLException("the client's key or certificates cannot be used", e);
    }
    return builder.build();
  }
}
