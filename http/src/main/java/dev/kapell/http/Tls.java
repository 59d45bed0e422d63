package dev.kapell.http;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * TLS contexts from PEM texts, on the JDK's own implementation.
 *
 * <p>Netty's builder would read the PEM itself; that loads all of Bouncy Castle and derives keys
 * for a key store that nobody ever sees, together a third of a second of each start.
 */
final class Tls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private Tls() {}

  static SslContext server(TlsIdentity identity) throws SSLException {
    try {
      KeyManager[] keys = PemStores.keys(identity.chainPem(), identity.keyPem()).getKeyManagers();
      boolean asks = identity.trustedPem().isPresent();
      TrustManager[] trusts =
          asks
              ? PemStores.trusts(identity.trustedPem().get()).getTrustManagers()
              : new TrustManager[0];
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trusts, null);
      return new JdkSslContext(
          context,
          false,
          Http2SecurityUtil.CIPHERS,
          SupportedCipherSuiteFilter.INSTANCE,
          alpn(),
          asks ? ClientAuth.OPTIONAL : ClientAuth.NONE,
          PROTOCOLS.clone(),
          false);
    } catch (GeneralSecurityException | IOException e) {
      throw new SSLException("the server's key or certificates cannot be used", e);
    }
  }

  private static ApplicationProtocolConfig alpn() {
    return new ApplicationProtocolConfig(
        ApplicationProtocolConfig.Protocol.ALPN,
        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
        ApplicationProtocolNames.HTTP_2,
        ApplicationProtocolNames.HTTP_1_1);
  }

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
