package dev.kapell.bench.flood;

import dev.kapell.bench.Dice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What is not TLS, not HTTP/1.1, or more of it than anybody needs. */
final class ByteAttacks {
  private static final String GET = "GET /version HTTP/1.1\r\nHost: x\r\n";
  private static final String POST = "POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\n";

  /** Requests of which two readers may make different things. */
  private static final List<String> UNCLEAR =
      List.of(
          POST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
          POST + "Content-Length: -3\r\n\r\n",
          POST + "Content-Length: 3x\r\n\r\nabc",
          POST + "Content-Length: 99999999999999999999\r\n\r\nabc",
          POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
          POST + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
          GET + "Bad Header: y\r\n\r\n",
          GET + ": y\r\n\r\n",
          "GET  /version HTTP/9.9\r\n\r\n",
          "\r\n\r\n\r\n\0\0\0\0\r\n\r\n");

  private ByteAttacks() {}

  static Map<String, Attack> all() {
    SequencedMap<String, Attack> all = new LinkedHashMap<>();
    all.put("garbage for TLS", ByteAttacks::garbage);
    all.put("HTTP where TLS is spoken", ByteAttacks::plain);
    all.put("handshakes broken off", ByteAttacks::brokenOff);
    all.put("unclear framing", ByteAttacks::unclear);
    all.put("a selector of a megabyte", ByteAttacks::longTarget);
    all.put("headers of a megabyte", ByteAttacks::longHead);
    all.put("half-closed", ByteAttacks::halfClosed);
    all.put("requests sent and left", ByteAttacks::left);
    return all;
  }

  private static Peer secure(Target target, Dice dice) throws IOException {
    return Peer.http1(dice.percent(50) ? target.admin() : target.anonymous(), target.port());
  }

  private static Attack.End garbage(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.tcp(target.port())) {
      byte[] bytes = dice.bytes(6 + dice.below(4096));
      if (dice.percent(50)) { // a handshake, as far as its first bytes go
        bytes[0] = 0x16;
        bytes[1] = 3;
        bytes[3] = 0;
        bytes[4] = (byte) Math.min(bytes.length - 5, 100);
      }
      peer.send(bytes);
      peer.halfClose();
      return peer.readToEnd();
    }
  }

  private static Attack.End plain(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.tcp(target.port())) {
      peer.send(dice.percent(50) ? GET + "\r\n" : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      return peer.readToEnd();
    }
  }

  private static Attack.End brokenOff(Target target, Dice dice) throws IOException {
    for (int i = dice.below(50); i >= 0; i--) {
      Peer peer = dice.percent(50) ? Peer.tcp(target.port()) : secure(target, dice);
      peer.send(dice.bytes(dice.below(10)));
      peer.reset();
    }
    return Attack.End.SERVED;
  }

  private static Attack.End unclear(Target target, Dice dice) throws IOException {
    try (Peer peer = secure(target, dice)) {
      peer.send(dice.pick(UNCLEAR));
      return peer.answer();
    }
  }

  private static Attack.End longTarget(Target target, Dice dice) throws IOException {
    try (Peer peer = secure(target, dice)) {
      String selector = dice.pick(List.of("a", "a%3D", "a,", "(", "!", "%25")).repeat(1 << 18);
      peer.send("GET /api/v1/pods?labelSelector=" + selector + " HTTP/1.1\r\nHost: x\r\n\r\n");
      return peer.answer();
    }
  }

  private static Attack.End longHead(Target target, Dice dice) throws IOException {
    try (Peer peer = secure(target, dice)) {
      peer.send(GET + ("A" + dice.below(10) + ": b\r\n").repeat(170_000) + "\r\n");
      return peer.answer();
    }
  }

  private static Attack.End halfClosed(Target target, Dice dice) throws IOException {
    try (Peer peer = secure(target, dice)) {
      peer.send(dice.percent(50) ? GET + "\r\n" : POST + "Content-Length: 100\r\n\r\nabc");
      peer.halfClose();
      return peer.answer();
    }
  }

  /** Work whose result nobody waits for. */
  private static Attack.End left(Target target, Dice dice) throws IOException {
    Peer peer = secure(target, dice);
    String list = "GET /openapi/v2 HTTP/1.1\r\nHost: x\r\n\r\n";
    peer.send(list.repeat(1 + dice.below(50)).getBytes(StandardCharsets.US_ASCII));
    peer.reset();
    return Attack.End.SERVED;
  }
}
