package dev.kapell.scheduler.choice;

import dev.kapell.scheduler.cluster.Cluster;
import java.util.Arrays;

/** Some rows, to be had by the block. One thread's. */
final class RowSet {
  static final int NONE = -1;

  private int[] blocks = {};
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  boolean get(int row) {
    return (block(row / Cluster.BLOCK) & bit(row)) != 0;
  }

  /** Those of a block, a bit for each. */
  int block(int block) {
    return block < blocks.length ? blocks[block] : 0;
  }

  void set(int row) {
    int block = row / Cluster.BLOCK;
    if (block >= blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(block + 1, blocks.length * 2));
    }
    if ((blocks[block] & bit(row)) == 0) {
      blocks[block] |= bit(row);
      size++;
    }
  }

  void clear(int row) {
    if (get(row)) {
      blocks[row / Cluster.BLOCK] &= ~bit(row);
      size--;
    }
  }

  /** The first from {@code row} on, or {@link #NONE}. */
  int next(int row) {
    int block = row / Cluster.BLOCK;
    int left = block(block) & (-1 << row % Cluster.BLOCK);
    while (left == 0 && ++block < blocks.length) {
      left = blocks[block];
    }
    return left == 0 ? NONE : block * Cluster.BLOCK + Integer.numberOfTrailingZeros(left);
  }

  private static int bit(int row) {
    return 1 << row % Cluster.BLOCK;
  }
}
