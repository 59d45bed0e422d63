package dev.kapell.apiserver.remote;

import dev.kapell.apiserver.turn.Turns;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpFailure;
import dev.kapell.http.Reply;
import dev.kapell.http.TlsIdentity;
import dev.kapell.http.Upstream;
import dev.kapell.http.Upstreams;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Posts JSON to servers that objects name, over HTTPS only. Thread-safe; blocks the caller. */
public final class RemoteCalls {
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int MAX_ANSWER_BYTES = 6 << 20;
  private static final int QUOTED_CHARACTERS = 200;

  private final Upstreams upstreams;
  private final ServiceEndpoints services;

  /** Calls through {@code upstreams}; finds services with {@code services}. */
  public RemoteCalls(Upstreams upstreams, ServiceEndpoints services) {
    this.upstreams = upstreams;
    this.services = services;
  }

  /** A call that brought no answer to work with; the message says whom it was for and why. */
  public static final class Failed extends IOException {
    private static final long serialVersionUID = 1L;

    private Failed(String message, Throwable cause) {
      super(message, cause);
    }

    private Failed(String message) {
      super(message);
    }
  }

  /**
   * What is asked of a server.
   *
   * @param query added to the server's path, for instance {@code timeout=10s}; may be empty
   * @param json the body
   * @param traceparent the trace that it is part of
   */
  public record Question(
      RemoteServer server, String query, byte[] json, Optional<String> traceparent) {}

  /** The same without a trace. */
  public byte[] post(RemoteServer server, String query, byte[] json, Duration limit)
      throws Failed, InterruptedIOException {
    return post(new Question(server, query, json, Optional.empty()), limit);
  }

  /**
   * What the server answers to {@code question}, within {@code limit}. A redirect is no answer.
   *
   * @throws Failed when it cannot be reached or does not answer 200 in time
   */
  public byte[] post(Question question, Duration limit) throws Failed, InterruptedIOException {
    RemoteServer server = question.server();
    String query = question.query();
    String separator = query.isEmpty() ? "" : server.target().contains("?") ? "&" : "?";
    String what = "Post \"" + server + separator + query + "\": ";
    Headers headers =
        Headers.of("Content-Type", "application/json")
            .and("Accept", "application/json")
            .and("User-Agent", "kube-apiserver-admission");
    if (question.traceparent().isPresent()) {
      headers = headers.and("Traceparent", question.traceparent().get());
    }
    try {
      Upstreams.Call call =
          new Upstreams.Call("POST", server.target() + separator + query, headers, question.json());
      return body(ask(upstream(server), call, limit));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (ApiFailure | IOException e) {
      throw failed(what, e);
    }
  }

  /**
   * What {@code to} answers to {@code json} at {@code target}, within {@code limit}. A redirect is
   * no answer.
   *
   * @throws Failed when it cannot be reached or does not answer 200 or 201 in time
   */
  public byte[] post(Upstream to, String target, Headers headers, byte[] json, Duration limit)
      throws Failed, InterruptedIOException {
    String what =
        "Post \""
            + (to.tls().isPresent() ? "https://" : "http://")
            + to.authority()
            + target
            + "\": ";
    try {
      Upstreams.Call call = new Upstreams.Call("POST", target, headers, json);
      return body(ask(to, call, limit));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  /** Whoever waits for somebody else's work does none. */
  private Reply ask(Upstream to, Upstreams.Call call, Duration limit) throws IOException {
    Turns.leave();
    Reply reply = upstreams.call(to, call, MAX_ANSWER_BYTES, limit);
    try {
      Turns.resume();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while others worked");
    }
    return reply;
  }

  private static Failed failed(String what, Exception e) {
    boolean late = e instanceof HttpFailure failure && failure.status() == 504;
    return new Failed(what + (late ? "context deadline exceeded" : e.getMessage()), e);
  }

  private static byte[] body(Reply reply) throws Failed {
    if (reply.status() == OK || reply.status() == CREATED) {
      return reply.body();
    }
    String text = new String(reply.body(), StandardCharsets.UTF_8).strip();
    String start =
        text.length() > QUOTED_CHARACTERS ? text.substring(0, QUOTED_CHARACTERS) + "…" : text;
    throw new Failed(
        switch (reply.status()) {
          case 404 -> "the server could not find the requested resource";
          default ->
              "an error on the server (\""
                  + start
                  + "\") has prevented the request from succeeding: it answered "
                  + reply.status();
        });
  }

  private Upstream upstream(RemoteServer server) {
    Optional<TlsIdentity> tls = Optional.of(new TlsIdentity("", "", server.trustedPem()));
    if (server.url().isPresent()) {
      return new Upstream(server.name(), server.namedPort(), tls);
    }
    return services
        .pick(
            services.service(server.namespace(), server.service()),
            Integer.toString(server.port()),
            tls)
        .called(server.name(), server.port());
  }
}
