package dev.kapell.bench.flood;

import dev.kapell.base.Clock;
import dev.kapell.bench.Dice;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Peers that hold on to a connection and do next to nothing with it. */
final class SlowAttacks {
  /** A server that holds on to one of these for longer puts up with it. */
  static final int LIMIT_SECONDS = 90;

  private static final int TICK_MILLIS = 1000;
  private static final byte[] NOTHING = new byte[0];

  /** INITIAL_WINDOW_SIZE 0: nothing of an answer may be sent. */
  private static final byte[] SHUT = {0, 4, 0, 0, 0, 0};

  private SlowAttacks() {}

  static Map<String, Attack> all() {
    SequencedMap<String, Attack> all = new LinkedHashMap<>();
    all.put("nothing after TCP", (target, _) -> drip(Peer.tcp(target.port()), NOTHING));
    all.put(
        "nothing after TLS",
        (target, _) -> drip(Peer.http1(target.anonymous(), target.port()), NOTHING));
    all.put("nothing after HTTP/2 is agreed", (target, _) -> drip(anonymous(target), NOTHING));
    all.put("a handshake byte by byte", SlowAttacks::handshake);
    all.put("a head byte by byte", SlowAttacks::head);
    all.put("a head of HTTP/2 that stops", SlowAttacks::stopped);
    all.put("a body byte by byte", SlowAttacks::body);
    all.put("a body of HTTP/2 byte by byte", SlowAttacks::framedBody);
    all.put("answers nobody reads", SlowAttacks::unread);
    all.put("answers of HTTP/2 nobody reads", SlowAttacks::shut);
    return all;
  }

  private static Peer anonymous(Target target) throws IOException {
    return Peer.http2(target.anonymous(), target.port(), NOTHING);
  }

  /** Sends {@code drop} each second for as long as the server takes it. */
  private static Attack.End drip(Peer peer, byte[] drop) throws IOException {
    try (peer) {
      for (int i = 0; i < LIMIT_SECONDS; i++) {
        if (!peer.isHeld(TICK_MILLIS)) {
          return Attack.End.HUNG_UP;
        }
        peer.send(drop);
      }
    }
    throw new SocketTimeoutException("held for " + LIMIT_SECONDS + " s");
  }

  private static Attack.End handshake(Target target, Dice dice) throws IOException {
    Peer peer = Peer.tcp(target.port());
    peer.send(new byte[] {0x16, 3, 1, 1, 0});
    return drip(peer, new byte[] {1});
  }

  private static Attack.End head(Target target, Dice dice) throws IOException {
    Peer peer = Peer.http1(target.anonymous(), target.port());
    peer.send("GET /version HTTP/1.1\r\n");
    return drip(peer, new byte[] {'x'});
  }

  private static Attack.End stopped(Target target, Dice dice) throws IOException {
    Peer peer = anonymous(target);
    peer.send(Peer.frame(Peer.HEADERS, 0, 1, Peer.head(false, "/version")));
    return drip(peer, NOTHING);
  }

  private static Attack.End body(Target target, Dice dice) throws IOException {
    Peer peer = Peer.http1(target.admin(), target.port());
    peer.send(
        """
        POST /api/v1/namespaces HTTP/1.1\r
        Host: x\r
        Content-Type: application/json\r
        Content-Length: 100000\r
        \r
        """);
    return drip(peer, new byte[] {' '});
  }

  /** The stream ends with an answer; the connection has more of them. */
  private static Attack.End framedBody(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.http2(target.admin(), target.port(), NOTHING)) {
      peer.send(
          Peer.frame(Peer.HEADERS, Peer.END_HEADERS, 1, Peer.head(true, "/api/v1/namespaces")));
      byte[] drop = Peer.frame(Peer.DATA, 0, 1, new byte[] {' '});
      for (int i = 0; i < LIMIT_SECONDS; i++) {
        if (peer.hears(1, TICK_MILLIS)) {
          return Attack.End.REFUSED;
        }
        peer.send(drop);
      }
    }
    throw new SocketTimeoutException("held for " + LIMIT_SECONDS + " s");
  }

  private static Attack.End unread(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.http1(target.admin(), target.port())) {
      String get = "GET /openapi/v2 HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n";
      peer.send(get.repeat(20).getBytes(StandardCharsets.US_ASCII));
      pause();
      return peer.readToEnd();
    }
  }

  private static Attack.End shut(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.http2(target.admin(), target.port(), SHUT)) {
      int streams = 1 + dice.below(100);
      for (int i = 0; i < streams; i++) {
        byte[] get = Peer.head(false, "/openapi/v2");
        peer.send(Peer.frame(Peer.HEADERS, Peer.WHOLE, 2 * i + 1, get));
      }
      pause();
      return peer.resetOf(2 * dice.below(streams) + 1);
    }
  }

  private static void pause() throws IOException {
    try {
      Clock.system().sleep(Duration.ofSeconds(LIMIT_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
