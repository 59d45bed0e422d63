package dev.kapell.base;

/**
 * Which hashes came lately: what is worth keeping comes again, and what comes once must not push it
 * out. Bounded: a hash is forgotten when another one comes to its place. Thread-safe as far as it
 * has to be: a race forgets a hash.
 */
public final class Recent {
  private final int[] hashes;

  /** Remembers at most {@code slots}, a power of two. */
  public Recent(int slots) {
    this.hashes = new int[slots];
  }

  /** Whether {@code hash} came before, and is not forgotten; it has come now. */
  public boolean isAgain(int hash) {
    int slot = slot(hash, hashes.length);
    boolean again = hashes[slot] == hash;
    hashes[slot] = hash;
    return again;
  }

  /** The place of a hash among {@code slots}, a power of two. */
  public static int slot(int hash, int slots) {
    return (hash ^ hash >>> 12 ^ hash >>> 24) & (slots - 1);
  }
}
