package dev.kapell.store;

import java.util.List;
import java.util.Optional;

/** How a transaction ended. */
public sealed interface Commit {
  /**
   * Durable.
   *
   * @param revision of the whole transaction
   * @param entries one for each operation, in order; for a delete the final state that watchers
   *     see, for a check the entry as it is (empty where the key is absent)
   */
  record Done(long revision, List<Optional<Entry>> entries) implements Commit {}

  /**
   * Nothing was written: {@code failed} did not find what it expected.
   *
   * @param actual what is there instead
   */
  record Conflict(Op failed, Optional<Entry> actual) implements Commit {}
}
