package dev.kapell.apiserver.delegation;

import dev.kapell.apiserver.tree.Settings;
import dev.kapell.http.TlsIdentity;
import dev.kapell.http.Upstream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Reads the kubeconfig that says where a webhook is; everything in it is honoured or refused. */
final class ServerFile {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final Path file;

  private ServerFile(Path file) {
    this.file = file;
  }

  /**
   * The server of the current context.
   *
   * @throws Settings.Invalid with what is wrong with the file
   */
  static ReviewServer read(Path file) throws IOException {
    return new ServerFile(file).server();
  }

  private ReviewServer server() throws IOException {
    Settings config =
        Settings.read(file, "Config", Set.of("v1"))
            .only(
                "apiVersion",
                "kind",
                "preferences",
                "clusters",
                "users",
                "contexts",
                "current-context");
    Settings context =
        named(config, "contexts", config.text("current-context"), "current-context")
            .child("context")
            .only("cluster", "user", "namespace");
    Settings cluster =
        named(config, "clusters", context.text("cluster"), "clusters")
            .child("cluster")
            .only(
                "server",
                "tls-server-name",
                "insecure-skip-tls-verify",
                "certificate-authority",
                "certificate-authority-data",
                "disable-compression");
    Settings user =
        (context.text("user").isEmpty()
                ? config.child("preferences")
                : named(config, "users", context.text("user"), "users").child("user"))
            .only(
                "client-certificate",
                "client-certificate-data",
                "client-key",
                "client-key-data",
                "token",
                "tokenFile",
                "username",
                "password");
    URI url = url(cluster);
    return new ReviewServer(
        upstream(cluster, user, url),
        target(url),
        authorization(user),
        Optional.of(user.text("tokenFile")).filter(name -> !name.isEmpty()).map(this::sibling));
  }

  private static Settings named(Settings config, String list, String name, String field) {
    return config.list(list).stream()
        .filter(entry -> entry.text("name").equals(name))
        .findFirst()
        .orElseThrow(() -> config.invalid(field, "says nothing of \"" + name + "\" in " + list));
  }

  private static URI url(Settings cluster) {
    try {
      URI url = new URI(cluster.text("server"));
      if (url.getHost() != null && Set.of("https", "http").contains(url.getScheme())) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw cluster.invalid("server", "is no URL: " + e.getMessage());
    }
    throw cluster.invalid("server", "must be a URL with https or http and a host");
  }

  private static String target(URI url) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  private Upstream upstream(Settings cluster, Settings user, URI url) throws IOException {
    boolean secure = url.getScheme().equals("https");
    String host = url.getHost().replaceAll("[\\[\\]]", "");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? HTTPS : HTTP;
    Upstream upstream =
        new Upstream(host, port, secure ? Optional.of(tls(cluster, user)) : Optional.empty());
    String name = cluster.text("tls-server-name");
    return name.isEmpty() ? upstream : upstream.called(name, port);
  }

  private TlsIdentity tls(Settings cluster, Settings user) throws IOException {
    boolean any = cluster.flag("insecure-skip-tls-verify", false);
    Optional<String> trusted = pem(cluster, "certificate-authority");
    if (any && trusted.isPresent()) {
      throw cluster.invalid(
          "insecure-skip-tls-verify", "makes no sense beside a certificate authority");
    }
    Optional<String> certificate = pem(user, "client-certificate");
    Optional<String> key = pem(user, "client-key");
    if (certificate.isPresent() != key.isPresent()) {
      throw user.invalid("client-certificate", "and client-key go together");
    }
    if (key.isPresent() && !key.get().contains("-----BEGIN PRIVATE KEY-----")) {
      throw user.invalid(
          "client-key", "must be in PKCS #8 (openssl pkcs8 -topk8 -nocrypt -in KEY makes it so)");
    }
    return new TlsIdentity(certificate.orElse(""), key.orElse(""), trusted, any);
  }

  /** The text in {@code FIELD-data}, or in the file that {@code FIELD} names. */
  private Optional<String> pem(Settings from, String field) throws IOException {
    String data = from.text(field + "-data");
    if (!data.isEmpty()) {
      try {
        return Optional.of(
            new String(Base64.getMimeDecoder().decode(data), StandardCharsets.US_ASCII));
      } catch (IllegalArgumentException e) {
        throw from.invalid(field + "-data", "must be in base 64");
      }
    }
    String name = from.text(field);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (!Files.isReadable(sibling(name))) {
      throw from.invalid(field, "names a file that cannot be read: " + sibling(name));
    }
    return Optional.of(Files.readString(sibling(name)));
  }

  /** Files are named relative to this one. */
  private Path sibling(String name) {
    return file.toAbsolutePath().resolveSibling(name);
  }

  private static String authorization(Settings user) {
    if (!user.text("token").isEmpty()) {
      return "Bearer " + user.text("token");
    }
    if (user.text("username").isEmpty()) {
      return "";
    }
    String both = user.text("username") + ":" + user.text("password");
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }
}
