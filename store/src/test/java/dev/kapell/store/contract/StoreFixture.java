package dev.kapell.store.contract;

import dev.kapell.store.Commit;
import dev.kapell.store.Entry;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a contract gets its stores, and short words for what it does with them. */
public interface StoreFixture {
  /** The table that most tests use. */
  String TABLE = "pods";

  /** A new, empty store; the fixture closes it after the test. */
  Store open(StoreOptions options);

  /** A new, empty store with the default bounds. */
  default Store open() {
    return open(StoreOptions.defaults());
  }

  /** A key in {@link #TABLE}. */
  static Key key(String path) {
    return new Key(TABLE, path);
  }

  /** Writes {@code text}, whatever is there. */
  static Op.Put put(String path, String text) {
    return put(path, text, Op.ANY);
  }

  /** Writes {@code text} over {@code expected}. */
  static Op.Put put(String path, String text, long expected) {
    return new Op.Put(key(path), bytes(text), expected, -1);
  }

  /** Deletes what is at {@code expected}; watchers see what was there. */
  static Op.Delete delete(String path, long expected) {
    return new Op.Delete(key(path), expected, new byte[0], -1);
  }

  /** UTF-8. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The value as text. */
  static String text(Entry entry) {
    return new String(entry.value(), StandardCharsets.UTF_8);
  }

  /** The value as text, or {@code -}. */
  static String text(Optional<Entry> entry) {
    return entry.map(StoreFixture::text).orElse("-");
  }

  /** The paths, in order. */
  static List<String> paths(Stream<Entry> entries) {
    return entries.map(entry -> entry.key().path()).toList();
  }

  /** A transaction that has to succeed. */
  static Commit.Done done(Store store, Op... transaction) throws InterruptedException {
    return switch (store.write(List.of(transaction))) {
      case Commit.Done done -> done;
      case Commit.Conflict conflict -> throw new AssertionError("unexpected " + conflict);
    };
  }

  /** A transaction that has to be refused. */
  static Commit.Conflict refused(Store store, Op... transaction) throws InterruptedException {
    return switch (store.write(List.of(transaction))) {
      case Commit.Conflict conflict -> conflict;
      case Commit.Done done -> throw new AssertionError("unexpected " + done);
    };
  }
}
