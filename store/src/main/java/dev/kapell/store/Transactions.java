package dev.kapell.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What makes a list of operations a transaction; a caller's mistakes are found on its thread. */
final class Transactions {
  /** The most operations of one transaction. */
  static final int MOST_OPERATIONS = 1024;

  private Transactions() {}

  /**
   * The transaction, copied.
   *
   * @throws IllegalArgumentException when it is empty, too long, writes a key twice, or has a stamp
   *     outside its value
   */
  static List<Op> checked(List<Op> transaction) {
    List<Op> ops = List.copyOf(transaction);
    if (ops.isEmpty() || ops.size() > MOST_OPERATIONS) {
      throw new IllegalArgumentException(
          "a transaction has 1 to " + MOST_OPERATIONS + " operations, not " + ops.size());
    }
    Set<Key> written = new HashSet<>();
    for (Op op : ops) {
      if (isWrite(op) && !written.add(op.key())) {
        throw new IllegalArgumentException("a transaction writes " + op.key() + " twice");
      }
      switch (op) {
        case Op.Put put -> checkStamp(put.key(), put.value(), put.stampAt());
        case Op.Delete delete when delete.last().length > 0 ->
            checkStamp(delete.key(), delete.last(), delete.stampAt());
        case Op.Delete plain -> {}
        case Op.Check check -> {}
        case Op.Follows follows -> {}
      }
    }
    return ops;
  }

  private static boolean isWrite(Op op) {
    return op instanceof Op.Put || op instanceof Op.Delete;
  }

  private static void checkStamp(Key key, byte[] value, int at) {
    if (at != -1 && (at < 0 || at > value.length - Op.STAMP_LENGTH)) {
      throw new IllegalArgumentException(
          "the stamp at " + at + " is outside the " + value.length + " bytes of " + key);
    }
  }

  /** How many bytes the operations carry. */
  static long bytes(List<Op> ops) {
    long bytes = 0;
    for (Op op : ops) {
      bytes +=
          switch (op) {
            case Op.Put put -> put.value().length;
            case Op.Delete delete -> delete.last().length;
            case Op.Check check -> 0;
            case Op.Follows follows -> 0;
          };
    }
    return bytes;
  }
}
