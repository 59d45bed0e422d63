package dev.kapell.apiserver;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An HTTPS server of a test, which answers each path with what a function makes of the body. */
public final class OutsideServer implements AutoCloseable {
  private final Map<String, UnaryOperator<Obj>> paths = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final String caPem;

  /** Every body that came, in order. */
  final List<Obj> asked = new CopyOnWriteArrayList<>();

  public OutsideServer(Path keys) throws IOException {
    ClusterPki pki = ClusterPki.open(keys, Clock.system(), Randomness.secure());
    caPem = pki.caPem();
    server =
        HttpServer.start(
            "outside",
            ServerOptions.at("127.0.0.1", 0)
                .with(pki.server(List.of("hook.default.svc")).trusting(pki.caPem())),
            exchange -> {
              UnaryOperator<Obj> answer = paths.get(exchange.path());
              if (answer == null) {
                exchange.respond(404, Headers.NONE, new byte[0]);
                return;
              }
              Obj body = Api.parse(exchange.body());
              asked.add(body);
              byte[] json = JsonCodec.writeTree(answer.apply(body).map());
              exchange.respond(200, Headers.contentType("application/json"), json);
            });
  }

  /** Answers {@code path}. */
  OutsideServer on(String path, UnaryOperator<Obj> answer) {
    paths.put(path, answer);
    return this;
  }

  /** Answers {@code path} no longer. */
  void off(String path) {
    paths.remove(path);
  }

  /** Answers reviews at {@code path}: {@code answer} makes the response of the request. */
  public OutsideServer onReview(String path, UnaryOperator<Obj> answer) {
    return on(
        path,
        review -> {
          Obj request = review.child("request");
          Obj response = answer.apply(request).put("uid", request.text("uid"));
          return Obj.root(
              Obj.tree(
                  "apiVersion",
                  review.text("apiVersion"),
                  "kind",
                  review.text("kind"),
                  "response",
                  response.map()));
        });
  }

  /** The body of the last call. */
  Obj last() {
    return asked.getLast();
  }

  int port() {
    return server.port();
  }

  /** A {@code clientConfig} with the URL of {@code path}, as YAML in one line. */
  public String client(String path) {
    return "{url: \"https://127.0.0.1:%d%s\", caBundle: %s}".formatted(port(), path, caBundle());
  }

  String caBundle() {
    return Base64.getEncoder().encodeToString(caPem.getBytes(StandardCharsets.US_ASCII));
  }

  static Obj allow() {
    return Obj.root(Obj.tree("allowed", true));
  }

  static Obj deny(String message) {
    return Obj.root(Obj.tree("allowed", false, "status", Obj.tree("message", message)));
  }

  public static Obj patch(String json) {
    String base64 = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    return allow().put("patch", base64).put("patchType", "JSONPatch");
  }

  @Override
  public void close() {
    server.close();
  }
}
