package dev.kapell.bench.flood;

import dev.kapell.bench.Dice;
import dev.kapell.bench.wire.Sample;
import dev.kapell.bench.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.GZIPOutputStream;

/** Bodies of few bytes that mean many, from somebody who may do everything. */
final class BodyAttacks {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String JSON = "application/json";
  private static final int DEEP = 100_000;

  /** From here on the server says no. */
  private static final int REFUSED = 400;

  private static final int BROKEN = 500;

  private BodyAttacks() {}

  static Map<String, Attack> all() {
    SequencedMap<String, Attack> all = new LinkedHashMap<>();
    all.put("JSON nested deep", (target, dice) -> write(target, dice, JSON, deepJson(dice)));
    all.put(
        "YAML nested deep", (target, dice) -> write(target, dice, "application/yaml", yaml(dice)));
    all.put(
        "YAML aliases", (target, dice) -> write(target, dice, "application/yaml", aliases(dice)));
    all.put(
        "patches that multiply",
        (target, dice) -> patch(target, "application/json-patch+json", doubling(dice)));
    all.put(
        "patches of many steps",
        (target, dice) -> patch(target, "application/json-patch+json", steps(dice)));
    all.put(
        "applies nested deep",
        (target, dice) -> patch(target, "application/apply-patch+yaml", deepJson(dice)));
    all.put("gzip that unpacks to much", BodyAttacks::gzip);
    all.put("protobuf that promises much", BodyAttacks::protobuf);
    return all;
  }

  private static Attack.End send(Target target, Sample sample) throws IOException {
    try (Wire wire = new Wire(target.admin(), target.port())) {
      int code = wire.send(sample).code();
      if (code >= BROKEN) {
        throw new IllegalStateException(code + " to " + sample);
      }
      if (code == 0) {
        return Attack.End.HUNG_UP;
      }
      return code >= REFUSED ? Attack.End.REFUSED : Attack.End.SERVED;
    }
  }

  private static Attack.End write(Target target, Dice dice, String type, String body)
      throws IOException {
    boolean update = dice.percent(50);
    return send(
        target,
        new Sample(
            update ? "PUT" : "POST",
            update ? MAPS + "/a" : MAPS,
            List.of("Content-Type: " + type),
            body.getBytes(StandardCharsets.UTF_8),
            false));
  }

  private static Attack.End patch(Target target, String type, String body) throws IOException {
    return send(
        target,
        new Sample(
            "PATCH",
            MAPS + "/flood?fieldManager=me",
            List.of("Content-Type: " + type),
            body.getBytes(StandardCharsets.UTF_8),
            false));
  }

  private static String deepJson(Dice dice) {
    String open = dice.pick(List.of("[", "{\"a\":", "[{\"a\":", "[[],"));
    String nested = open.repeat(DEEP);
    return dice.percent(50) ? nested : "{\"metadata\":{\"name\":\"b\"},\"data\":" + nested + "}";
  }

  private static String yaml(Dice dice) {
    return dice.pick(List.of("[", "{a: ", "- ", "? ", "&a [*a, ")).repeat(DEEP);
  }

  private static String aliases(Dice dice) {
    int width = 2 + dice.below(20);
    StringBuilder bomb = new StringBuilder("metadata: {name: b}\na0: &a0 [x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append(("*a" + (i - 1) + ",").repeat(width)).append("]\n");
    }
    return bomb.append("data: *a39\n").toString();
  }

  private static String doubling(Dice dice) {
    StringBuilder steps =
        new StringBuilder("[{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{}}");
    for (int i = 30 + dice.below(100); i > 0; i--) {
      steps.append(",{\"op\":\"copy\",\"from\":\"/metadata/annotations\",\"path\":");
      steps.append("\"/metadata/annotations/x").append(i).append("\"}");
    }
    return steps.append(']').toString();
  }

  private static String steps(Dice dice) {
    String step = "{\"op\":\"test\",\"path\":\"/metadata/name\",\"value\":\"flood\"}";
    return "[" + (step + ",").repeat(5_000 + dice.below(30_000)) + step + "]";
  }

  private static Attack.End gzip(Target target, Dice dice) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = dice.below(64); i >= 0; i--) {
        gzip.write(zeros); // piece by piece: attackers and server share a heap
      }
    }
    return send(
        target,
        new Sample(
            "POST",
            MAPS,
            List.of("Content-Type: " + JSON, "Content-Encoding: gzip"),
            packed.toByteArray(),
            false));
  }

  private static Attack.End protobuf(Target target, Dice dice) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {'k', '8', 's', 0});
    if (dice.percent(50)) {
      body.writeBytes(new byte[] {0x0a, 15, 0x0a, 2, 'v', '1', 0x12, 9});
      body.writeBytes("ConfigMap".getBytes(StandardCharsets.US_ASCII));
    }
    body.writeBytes(new byte[] {0x12, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f});
    body.writeBytes(dice.bytes(dice.below(1 << 16)));
    return send(
        target,
        new Sample(
            "POST",
            MAPS,
            List.of("Content-Type: application/vnd.kubernetes.protobuf"),
            body.toByteArray(),
            false));
  }
}
