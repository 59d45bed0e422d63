package dev.kapell.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * Requests to one server as one identity, in the server's own bytes. Thread-safe; blocking.
 *
 * <p>It never judges an answer: a refusal is an {@link Answer} with its code and the {@code Status}
 * in its body.
 */
public final class Connection implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  /**
   * What came back.
   *
   * @param code the HTTP status
   * @param body the whole body
   */
  public record Answer(int code, byte[] body) {
    /** The code is 2xx. */
    public boolean isSuccess() {
      return code >= 200 && code < 300;
    }
  }

  /**
   * A body that is read while it arrives. Closing it ends the request.
   *
   * @param code the HTTP status
   * @param body the bytes, until the server or the reader closes
   */
  public record Stream(int code, InputStream body) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  private final Credentials credentials;
  private final HttpClient http;

  private Connection(Credentials credentials, HttpClient http) {
    this.credentials = credentials;
    this.http = http;
  }

  /**
   * A connection that is made with the first request. Fails when a certificate or key cannot be
   * read.
   */
  public static Connection to(Credentials credentials) {
    try {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_LIMIT)
              .followRedirects(HttpClient.Redirect.NEVER);
      if ("https".equals(credentials.server().getScheme())) {
        builder.sslContext(PemTls.context(credentials));
      }
      return new Connection(credentials, builder.build());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "cannot use the certificates for " + credentials.server() + ": " + e.getMessage(), e);
    }
  }

  /** Who and where. */
  public Credentials credentials() {
    return credentials;
  }

  /**
   * Sends {@code body} (empty: none) and reads the whole answer.
   *
   * @param path with the query, for instance {@code /api/v1/pods?limit=5}
   * @throws UnreachableException when no server answers
   */
  public Answer send(String method, String path, String mediaType, byte[] body) {
    HttpRequest.Builder request = request(path).timeout(ANSWER_LIMIT);
    if (body.length > 0) {
      request.header("Content-Type", mediaType);
    }
    request.method(
        method,
        body.length > 0
            ? HttpRequest.BodyPublishers.ofByteArray(body)
            : HttpRequest.BodyPublishers.noBody());
    HttpResponse<byte[]> response = exchange(request.build(), BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.body());
  }

  /** Reads {@code path}, asking for {@code accept}. */
  public Answer get(String path, String accept) {
    HttpRequest request = request(path).timeout(ANSWER_LIMIT).header("Accept", accept).build();
    HttpResponse<byte[]> response = exchange(request, BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.body());
  }

  /** Opens a watch or a followed log. No limit on how long it runs. */
  public Stream open(String path, String accept) {
    HttpRequest request = request(path).header("Accept", accept).build();
    HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
    return new Stream(response.statusCode(), response.body());
  }

  /**
   * Opens a WebSocket on {@code path}; {@code listener} gets what comes. The server picks one of
   * {@code protocols}, the best first.
   *
   * @throws UnreachableException when the server refuses the upgrade or does not answer
   */
  public WebSocket webSocket(String path, List<String> protocols, WebSocket.Listener listener) {
    URI server = credentials.server();
    String scheme = "https".equals(server.getScheme()) ? "wss" : "ws";
    WebSocket.Builder builder =
        http.newWebSocketBuilder()
            .subprotocols(
                protocols.getFirst(), protocols.subList(1, protocols.size()).toArray(String[]::new))
            .connectTimeout(CONNECT_LIMIT);
    credentials.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    URI target = URI.create(scheme + "://" + server.getRawAuthority() + path);
    try {
      return builder.buildAsync(target, listener).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        throw new UnreachableException(
            "the server refused with code " + refused.getResponse().statusCode(), refused);
      }
      throw new UnreachableException("cannot open " + target + ": " + e.getCause(), e);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(credentials.server().toString() + path))
            .header("User-Agent", "kapell");
    credentials.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return request;
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (ConnectException e) {
      throw new UnreachableException(
          "no server answers at " + credentials.server() + "; is Kapell running? (kapell up)", e);
    } catch (IOException e) {
      throw new UnreachableException(
          "the connection to " + credentials.server() + " failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted while waiting for " + credentials.server(), e);
    }
  }

  /** Ends every request that still runs. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
