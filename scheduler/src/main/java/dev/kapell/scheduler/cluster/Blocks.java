package dev.kapell.scheduler.cluster;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Which of a block's rows are in which domain, so that whoever looks for domains goes over those of
 * a block and not over its rows. One thread's.
 */
final class Blocks {
  private static final long[] NOTHING = {};

  /** By block, one for each domain: its number in the upper half, its rows in the lower. */
  private long[][] blocks = {};

  void add(int row, int domain) {
    int block = row / Cluster.BLOCK;
    if (block >= blocks.length) {
      int before = blocks.length;
      blocks = Arrays.copyOf(blocks, Math.max(block + 1, before * 2));
      Arrays.fill(blocks, before, blocks.length, NOTHING);
    }
    long[] entries = blocks[block];
    int place = place(entries, domain);
    if (place == entries.length) {
      entries = Arrays.copyOf(entries, place + 1);
      entries[place] = (long) domain << Integer.SIZE;
      blocks[block] = entries;
    }
    entries[place] |= bit(row);
  }

  void remove(int row, int domain) {
    int block = row / Cluster.BLOCK;
    long[] entries = blocks[block];
    int place = place(entries, domain);
    entries[place] &= ~bit(row);
    if ((int) entries[place] == 0) {
      int last = entries.length - 1;
      entries[place] = entries[last];
      blocks[block] = Arrays.copyOf(entries, last);
    }
  }

  /** The rows of a block, a bit for each, whose domains are {@code wanted}. */
  int rows(int block, IntPredicate wanted) {
    int rows = 0;
    if (block < blocks.length) {
      for (long entry : blocks[block]) {
        if (wanted.test((int) (entry >>> Integer.SIZE))) {
          rows |= (int) entry;
        }
      }
    }
    return rows;
  }

  private static int place(long[] entries, int domain) {
    int place = 0;
    while (place < entries.length && (int) (entries[place] >>> Integer.SIZE) != domain) {
      place++;
    }
    return place;
  }

  private static long bit(int row) {
    return 1L << row % Cluster.BLOCK;
  }
}
