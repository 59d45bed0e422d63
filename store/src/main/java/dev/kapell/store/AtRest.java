package dev.kapell.store;

/**
 * What a value looks like on the medium. The tables in memory hold values as they are served, so
 * that reads cost nothing; only a journal seals and opens.
 *
 * <p>Called by one thread at a time: the opener, then the writer.
 */
public interface AtRest {
  /** Values are kept as they are. */
  AtRest PLAIN =
      new AtRest() {
        @Override
        public byte[] seal(Key key, byte[] value) {
          return value;
        }

        @Override
        public byte[] open(Key key, byte[] kept) {
          return kept;
        }

        @Override
        public boolean isCurrent(Key key, byte[] kept) {
          return true;
        }
      };

  /**
   * What is kept for {@code value}; the array itself where nothing is to be hidden.
   *
   * @throws StoreException when it cannot be sealed: then nothing is written
   */
  byte[] seal(Key key, byte[] value);

  /**
   * The value behind what was kept.
   *
   * @throws StoreException when the key to it is wrong or missing: the message says what to do
   */
  byte[] open(Key key, byte[] kept);

  /** Whether {@link #seal} would keep the value in this form today; see {@link Store#reseal}. */
  boolean isCurrent(Key key, byte[] kept);
}
