package dev.kapell.store;

import java.util.Optional;

/**
 * A change of one key.
 *
 * @param kind what happened
 * @param entry the new state; for a deletion the final state, whose revision is the deletion's
 * @param previous the state before, absent for a creation
 */
public record Event(Kind kind, Entry entry, Optional<Entry> previous) {
  /** What happened to the key. */
  public enum Kind {
    /** The key came to be. */
    CREATED,
    /** The key got another value. */
    UPDATED,
    /** The key went. */
    DELETED
  }

  /** The revision of the change. */
  public long revision() {
    return entry.revision();
  }
}
