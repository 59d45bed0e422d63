package dev.kapell.apiserver.remote;

import dev.kapell.apiserver.tree.Obj;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Whom a {@code clientConfig} names, as webhooks and conversions have it.
 *
 * @param url absent when it is a service
 * @param namespace of the service; empty with a URL
 * @param service its name; empty with a URL
 * @param port the service's port
 * @param path of the request to a service, with its leading slash
 * @param trustedPem the authorities that may have signed its certificate; absent: the machine's own
 */
public record RemoteServer(
    Optional<URI> url,
    String namespace,
    String service,
    int port,
    String path,
    Optional<String> trustedPem) {
  private static final long HTTPS = 443;

  /** Reads a {@code clientConfig} that was validated. */
  public static RemoteServer of(Obj clientConfig) {
    Optional<String> trusted =
        Optional.of(clientConfig.text("caBundle"))
            .filter(bundle -> !bundle.isEmpty())
            .map(bundle -> Base64.getMimeDecoder().decode(bundle))
            .map(pem -> new String(pem, StandardCharsets.US_ASCII));
    if (clientConfig.has("url")) {
      URI url = URI.create(clientConfig.text("url"));
      return new RemoteServer(Optional.of(url), "", "", 0, "", trusted);
    }
    Obj service = clientConfig.child("service");
    String path = service.text("path");
    return new RemoteServer(
        Optional.empty(),
        service.text("namespace"),
        service.text("name"),
        (int) service.number("port", HTTPS),
        path.startsWith("/") ? path : "/" + path,
        trusted);
  }

  /** The name in its certificate. */
  String name() {
    return url.map(given -> given.getHost().replaceAll("[\\[\\]]", ""))
        .orElse(service + "." + namespace + ".svc");
  }

  /** Where a URL leads: its port, or that of HTTPS. */
  int namedPort() {
    return url.map(URI::getPort).map(given -> given < 0 ? (int) HTTPS : given).orElse(port);
  }

  /** The path of the request, with a query when there is one. */
  String target() {
    return url.map(
            given -> {
              String raw = given.getRawPath();
              String path = raw == null || raw.isEmpty() ? "/" : raw;
              return given.getRawQuery() == null ? path : path + "?" + given.getRawQuery();
            })
        .orElse(path);
  }

  /** How messages name it. */
  @Override
  public String toString() {
    return url.map(URI::toString).orElseGet(() -> "https://" + name() + ":" + port + path);
  }
}
