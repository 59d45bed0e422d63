package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.pki.Issued;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A real server on a free port with a memory store, and clients of it. */
final class Served implements AutoCloseable {
  final ApiServer server;
  private final Store store = MemoryStore.open(StoreOptions.defaults());
  private final HttpClient admin;
  private final HttpClient nobody;

  Served(Path keys) throws Exception {
    this(keys, Operations.defaults());
  }

  Served(Path keys, Operations operations) throws Exception {
    this(keys, operations, Clock.system());
  }

  Served(Path keys, Operations operations, Clock clock) throws Exception {
    server =
        ApiServer.start(
            new ApiServerOptions(
                keys,
                "127.0.0.1",
                0,
                "127.0.0.1",
                List.of(),
                store,
                clock,
                Randomness.secure(),
                operations));
    admin = HttpClient.newBuilder().sslContext(tls(server.pki().admin())).build();
    nobody = HttpClient.newBuilder().sslContext(tls(null)).build();
  }

  Store store() {
    return store;
  }

  HttpClient admin() {
    return admin;
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path));
  }

  HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
    return send(to(path).header("Accept", accept));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(path, "application/json");
  }

  HttpResponse<String> post(String path, String mediaType, String body)
      throws IOException, InterruptedException {
    return send(
        to(path).header("Content-Type", mediaType).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return admin.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return admin.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<InputStream> open(String path, String accept)
      throws IOException, InterruptedException {
    return admin.send(
        to(path).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  HttpResponse<String> asNobody(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return nobody.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  SSLContext tls(@org.jspecify.annotations.Nullable Issued identity) throws Exception {
    return tls(server, identity);
  }

  /** What a client of {@code server} shows and trusts. */
  static SSLContext tls(ApiServer server, @org.jspecify.annotations.Nullable Issued identity)
      throws Exception {
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    keys.load(null, null);
    keys.setCertificateEntry("authority", certificate(server.pki().caPem()));
    if (identity != null) {
      String base64 = identity.keyPem().replaceAll("-----[A-Z ]+-----|\\s", "");
      keys.setKeyEntry(
          "client",
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64))),
          new char[0],
          new Certificate[] {certificate(identity.certificatePem())});
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, new char[0]);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static Certificate certificate(String pem) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void close() {
    admin.shutdownNow();
    nobody.shutdownNow();
    server.close();
    store.close();
  }
}
