package dev.kapell.store;

import java.nio.file.Path;

/** A store in one SQLite file: survives kill -9 and power cuts, and is the default. */
public final class SqliteStore {
  private SqliteStore() {}

  /**
   * The store in {@code file}, created with mode 0600 when it is absent. No other process, and no
   * other store of this one, can open the file until it is closed.
   *
   * @throws StoreException when the file is in use, damaged, of another format or cannot be opened:
   *     the message says what to do
   */
  public static Store open(Path file, StoreOptions options) {
    return open(file, options, 0);
  }

  /** With a file of at most {@code mostPages} pages (0: no bound). */
  static Store open(Path file, StoreOptions options, int mostPages) {
    options.nativeCache().ifPresent(NativeLibrary::keepIn);
    SqliteFile opened = SqliteFile.open(file.toAbsolutePath());
    if (mostPages > 0) {
      opened.limit(mostPages);
    }
    return LogStore.open(new SqliteJournal(opened, options.atRest()), options);
  }
}
