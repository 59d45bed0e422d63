package dev.kapell.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. For one thread; exactly one of {@code respond}, {@link #stream},
 * {@link #push} and {@link #upgrade} is called.
 */
public interface Exchange {
  /** For instance {@code GET}. */
  String method();

  /** The path as it was sent: escapes not decoded, without the query. */
  String path();

  /** The query as it was sent, empty for none. */
  String rawQuery();

  /** The parameters; throws {@link IllegalArgumentException} on a broken escape. */
  Query query();

  /** The request's headers, until the handler returns. */
  Headers headers();

  /** The client's verified certificates, its own first; empty without. */
  List<X509Certificate> peerCertificates();

  /** Where the request comes from. */
  InetSocketAddress remoteAddress();

  /** Whether the connection is TLS. */
  boolean secure();

  /** Whether the connection is HTTP/2, which knows no {@link #upgrade}. */
  boolean http2();

  /**
   * The whole body.
   *
   * @throws HttpFailure 413 when it is larger than the server's limit, 408 when the sender stalls,
   *     400 when it broke off
   */
  byte[] body() throws IOException;

  /** Whether the body, or what there is of it, has come: then {@link #body} does not wait. */
  boolean hasBody();

  /**
   * The next piece of the body, null at its end; not limited in size.
   *
   * @throws HttpFailure as {@link #body}, but for the size
   */
  byte @Nullable [] readBody() throws IOException;

  /** Answers with a body that is here. Returns before it is sent; nobody may change it any more. */
  default void respond(int status, Headers headers, byte[] body) {
    respond(status, headers, List.of(body));
  }

  /** The same with a body in segments, sent one after the other as the client takes them. */
  void respond(int status, Headers headers, List<byte[]> segments);

  /**
   * Answers with a body that the caller writes. A write blocks while the client is slow and fails
   * when it is gone; {@code flush} sends what was written, {@code close} ends the body.
   */
  OutputStream stream(int status, Headers headers) throws IOException;

  /**
   * Answers with a body that the event loop takes from {@code source}, and closes it. Returns at
   * once.
   */
  void push(int status, Headers headers, Pushed source);

  /**
   * Answers 101 and turns the connection into a tunnel of bytes.
   *
   * @param headers with {@code Upgrade}; {@code Connection} is added
   * @throws HttpFailure 400 on HTTP/2
   */
  Tunnel upgrade(Headers headers) throws IOException;

  /**
   * Says that the answer goes on for as long as the client likes: a server that closes does not
   * wait for it. {@link #push} and {@link #upgrade} mean it anyway.
   */
  void lasts();

  /**
   * Says that the client may let the answer wait, for instance because somebody reads it page by
   * page; other clients that take nothing for a while are given up.
   */
  void unhurried();

  /** The status of the answer that has begun, 0 before. */
  int status();

  /** How many bytes of an answer have been given, after compression. */
  long answerBytes();

  /** Whether an answer has begun. */
  boolean answered();

  /**
   * Runs {@code action}, which must not block, once all of the answer that has been given so far
   * has been encoded, and handed to the machine as far as that took it.
   */
  void afterwards(Runnable action);

  /** Runs {@code action} when the answer has been sent or the client is gone; must not block. */
  void onEnd(Runnable action);
}
