package dev.kapell.http;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * What a server shows, on the JDK's own TLS. Immutable, thread-safe.
 *
 * <p>Netty's context for it would first read every authority that the JDK trusts, to learn the
 * names of cipher suites; that is a twentieth of a start.
 */
final class ServerTls {
  private final SSLContext context;
  private final String[] ciphers;
  private final boolean asks;

  private ServerTls(SSLContext context, boolean asks) {
    this.context = context;
    this.asks = asks;
    List<String> enabled = List.of(context.getDefaultSSLParameters().getCipherSuites());
    this.ciphers =
        SupportedCipherSuiteFilter.INSTANCE.filterCipherSuites(
            Http2SecurityUtil.CIPHERS, enabled, Set.copyOf(enabled));
  }

  /**
   * From PEM texts.
   *
   * @throws SSLException when the key or a certificate cannot be read
   */
  static ServerTls of(TlsIdentity identity) throws SSLException {
    try {
      KeyManager[] keys = PemStores.keys(identity.chainPem(), identity.keyPem()).getKeyManagers();
      boolean asks = identity.trustedPem().isPresent();
      TrustManager[] trusts =
          asks
              ? PemStores.trusts(identity.trustedPem().get()).getTrustManagers()
              : new TrustManager[0];
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trusts, null);
      return new ServerTls(context, asks);
    } catch (GeneralSecurityException | IOException e) {
      throw new SSLException("the server's key or certificates cannot be used", e);
    }
  }

  /** For one connection; it speaks HTTP/2 or HTTP/1.1, as the client prefers. */
  SslHandler newHandler() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(Tls.PROTOCOLS.clone());
    engine.setEnabledCipherSuites(ciphers);
    engine.setWantClientAuth(asks);
    engine.setHandshakeApplicationProtocolSelector((_, offered) -> chosen(offered));
    return new SslHandler(engine);
  }

  /** Who offers neither gets no answer, and HTTP/1.1. */
  private static String chosen(List<String> offered) {
    return List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1).stream()
        .filter(offered::contains)
        .findFirst()
        .orElse("");
  }
}
