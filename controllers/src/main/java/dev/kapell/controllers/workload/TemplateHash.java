package dev.kapell.controllers.workload;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import java.nio.charset.StandardCharsets;

/**
 * A short name for a pod template: the same on every server and in every run. FNV-1a over the
 * template's JSON and the collision count, in letters that are safe in a DNS label. Pure.
 */
public final class TemplateHash {
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int LENGTH = 9;

  private TemplateHash() {}

  /** The name of {@code template}; another for each collision. */
  public static String of(PodTemplateSpec template, int collisions) {
    long hash = 0xcbf29ce484222325L;
    hash = mix(hash, JsonCodec.encode(PodTemplateSpec.CODEC, template));
    if (collisions > 0) {
      hash = mix(hash, Integer.toString(collisions).getBytes(StandardCharsets.UTF_8));
    }
    StringBuilder name = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      name.append(LETTERS.charAt((int) Long.remainderUnsigned(hash, LETTERS.length())));
      hash = Long.divideUnsigned(hash, LETTERS.length());
    }
    return name.toString();
  }

  private static long mix(long hash, byte[] bytes) {
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
