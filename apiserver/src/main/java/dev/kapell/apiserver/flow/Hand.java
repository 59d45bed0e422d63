package dev.kapell.apiserver.flow;

import java.nio.charset.StandardCharsets;

/**
 * Shuffle sharding: the few queues out of many that a flow may use. Two flows rarely have the same
 * hand, so that one which fills its queues leaves others room. Pure.
 */
final class Hand {
  private Hand() {}

  /** {@code size} different numbers below {@code deck}, the same ones for the same flow. */
  static int[] deal(String schema, String flow, int deck, int size) {
    long entropy = hash(schema + '\0' + flow);
    int[] hand = new int[Math.min(size, deck)];
    for (int i = 0; i < hand.length; i++) {
      int card = (int) Long.remainderUnsigned(entropy, deck - i);
      entropy = mix(entropy);
      for (int at = 0; at < i; at++) {
        if (card >= hand[at]) {
          card++;
        }
      }
      insert(hand, i, card);
    }
    return hand;
  }

  /** Keeps the first {@code used + 1} cards in ascending order, which the dealing relies on. */
  private static void insert(int[] hand, int used, int card) {
    int at = used;
    while (at > 0 && hand[at - 1] > card) {
      hand[at] = hand[at - 1];
      at--;
    }
    hand[at] = card;
  }

  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L; // FNV-1a
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
