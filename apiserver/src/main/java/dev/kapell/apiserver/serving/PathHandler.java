package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.authentication.ServiceAccountTokens;
import dev.kapell.apiserver.discovery.Discovery;
import dev.kapell.apiserver.metrics.Meters;
import dev.kapell.apiserver.openapi.OpenApi;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Paths that name no resource: discovery, OpenAPI, health, version, metrics. */
final class PathHandler {
  private static final List<String> INDEX =
      List.of(
          "/healthz",
          "/livez",
          "/metrics",
          "/openapi/v2",
          "/openapi/v3",
          "/openid/v1/jwks",
          "/readyz",
          "/version");

  /** What Kapell says it is, and the Kubernetes whose API it serves. */
  private static final String VERSION =
      """
      {
        "major": "1",
        "minor": "36",
        "gitVersion": "v1.36.0+kapell",
        "gitCommit": "0000000000000000000000000000000000000000",
        "gitTreeState": "clean",
        "buildDate": "2026-11-21T00:00:00Z",
        "goVersion": "java%s",
        "compiler": "javac",
        "platform": "linux/%s"
      }
      """
          .formatted(
              Runtime.version().feature(),
              System.getProperty("os.arch", "amd64").equals("aarch64") ? "arm64" : "amd64");

  private final Discovery discovery;
  private final OpenApi openApi;
  private final Health health;
  private final Meters meters;
  private final ServiceAccountTokens tokens;

  PathHandler(
      Discovery discovery,
      OpenApi openApi,
      Health health,
      Meters meters,
      ServiceAccountTokens tokens) {
    this.discovery = discovery;
    this.openApi = openApi;
    this.health = health;
    this.meters = meters;
    this.tokens = tokens;
  }

  void handle(Exchange exchange, Headers headers) {
    String path = exchange.path();
    if (Health.serves(path)) {
      if (!health.answer(exchange)) {
        throw Failures.unknownPath();
      }
    } else if (path.startsWith("/openapi/")) {
      document(exchange, openApi.find(path, exchange.headers()), headers);
    } else if (isUnder(path, "/api") || isUnder(path, "/apis")) {
      document(exchange, discovery.find(path, exchange.headers()), headers);
    } else {
      fixed(exchange, path, headers);
    }
  }

  private static boolean isUnder(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }

  private void fixed(Exchange exchange, String path, Headers headers) {
    switch (path) {
      case "/" -> json(exchange, headers, discovery.index(INDEX));
      case "/version", "/version/" -> json(exchange, headers, bytes(VERSION));
      case "/metrics" ->
          exchange.respond(
              200,
              headers.and("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
              bytes(meters.text()));
      case "/.well-known/openid-configuration" -> json(exchange, headers, bytes(openId()));
      case "/openid/v1/jwks" ->
          exchange.respond(
              200, headers.and("Content-Type", "application/jwk-set+json"), bytes(tokens.keySet()));
      default -> throw Failures.unknownPath();
    }
  }

  private static String openId() {
    return """
        {"issuer":"%s","jwks_uri":"%s/openid/v1/jwks","response_types_supported":["id_token"],\
        "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256"]}"""
        .formatted(ServiceAccountTokens.ISSUER, ServiceAccountTokens.ISSUER);
  }

  private static void document(
      Exchange exchange, Optional<Discovery.Document> found, Headers headers) {
    Discovery.Document document = found.orElseThrow(Failures::unknownPath);
    Headers all = headers.and("Vary", "Accept");
    if (!document.etag().isEmpty()) {
      all = all.and("ETag", document.etag());
      if (exchange.headers().first("If-None-Match").orElse("").equals(document.etag())) {
        exchange.respond(304, all, new byte[0]);
        return;
      }
    }
    exchange.respond(200, all.and("Content-Type", document.mediaType()), document.body());
  }

  private static void json(Exchange exchange, Headers headers, byte[] body) {
    exchange.respond(200, headers.and("Content-Type", MediaType.JSON), body);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
