package dev.kapell.http;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/** TLS contexts from PEM texts, on the JDK's own implementation. */
final class Tls {
  private Tls() {}

  static SslContext server(TlsIdentity identity) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(stream(identity.chainPem()), stream(identity.keyPem()))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(alpn());
    if (identity.trustedPem().isPresent()) {
      builder.trustManager(stream(identity.trustedPem().get())).clientAuth(ClientAuth.OPTIONAL);
    }
    return builder.build();
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
            .protocols("TLSv1.3", "TLSv1.2")
            .endpointIdentificationAlgorithm(identity.anyPeer() ? "" : "HTTPS");
    if (!identity.chainPem().isEmpty()) {
      builder.keyManager(stream(identity.chainPem()), stream(identity.keyPem()));
    }
    if (identity.anyPeer()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (identity.trustedPem().isPresent()) {
      builder.trustManager(stream(identity.trustedPem().get()));
    }
    return builder.build();
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
