package dev.kapell.store;

/** One step of a transaction. */
public sealed interface Op {
  /** {@code expected}: whatever is there. */
  long ANY = -1;

  /** {@code expected}: nothing is there. */
  long ABSENT = 0;

  /** How many bytes a stamp takes: a quote, up to 20 digits, a quote, filled up with spaces. */
  int STAMP_LENGTH = 22;

  /** What this step writes. */
  Key key();

  /** The revision that the key has to have now, or {@link #ANY} or {@link #ABSENT}. */
  long expected();

  /**
   * Writes a value.
   *
   * @param stampAt the offset in {@code value} of {@link #STAMP_LENGTH} bytes that the store
   *     overwrites with the decimal revision of the commit in quotes, filled up with spaces (JSON
   *     allows them there); {@code -1} for none. So an object carries its own revision without
   *     being encoded again. The store owns {@code value} from the call on.
   */
  record Put(Key key, byte[] value, long expected, int stampAt) implements Op {}

  /**
   * Removes a key; a key that is absent makes it a conflict unless {@code expected} is {@link
   * #ABSENT}.
   *
   * @param last when not empty, the bytes that watchers see as the deleted object's final state,
   *     stamped like a put's value; empty: they see the previous value as it was
   */
  record Delete(Key key, long expected, byte[] last, int stampAt) implements Op {}

  /** Writes nothing, only holds the transaction to a key's revision. */
  record Check(Key key, long expected) implements Op {}

  /**
   * Writes nothing, only holds the transaction to what an earlier one has left: the key has to hold
   * what {@code before} wrote there, and nothing since. So a transaction can build on one that was
   * submitted before it and whose revision is not known yet; when that one fails, so does this.
   */
  record Follows(Put before) implements Op {
    @Override
    public Key key() {
      return before.key();
    }

    @Override
    public long expected() {
      return ANY;
    }
  }
}
