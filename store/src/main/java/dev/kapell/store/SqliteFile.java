package dev.kapell.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The open file, held for this process alone: its format, its settings, and what its errors mean.
 *
 * <p>The write-ahead log is synced at each commit ({@code synchronous=FULL}) and written back by
 * SQLite itself, on the writer's thread, every 2,000 pages (16 MiB); a checkpoint in the background
 * was measured to let the log grow without bound. Pages of 8 KiB hold two or three Pods: with 4 KiB
 * each had a page of its own, and a tenth of the creates were lost to writing them. Exclusive
 * locking keeps the index of that log in our memory, and everybody else out. The file must not be
 * opened by other means in this process: closing it would drop the lock.
 */
final class SqliteFile implements AutoCloseable {
  /** Says "this is a Kapell store" in the file's header: the letters {@code Kapl}. */
  private static final int APPLICATION_ID = 0x4b61706c;

  /** Of the tables below; a Kapell that changes them counts it up. */
  private static final int FORMAT_VERSION = 1;

  private static final String SCHEMA =
      """
      CREATE TABLE collection (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        floor INTEGER NOT NULL);
      CREATE TABLE log (
        seq INTEGER PRIMARY KEY,
        collection INTEGER NOT NULL,
        path TEXT NOT NULL,
        created INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        value BLOB NOT NULL,
        checksum INTEGER NOT NULL);
      """;

  private final Path file;
  private final Connection connection;

  private SqliteFile(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /** Opens {@code file}, which gets its tables when it is new. */
  static SqliteFile open(Path file) {
    if (file.toString().contains("?")) {
      throw new StoreException(
          "the store cannot be at " + file + ": a question mark means something else to SQLite");
    }
    try {
      create(file);
      Properties settings = new Properties();
      settings.setProperty("busy_timeout", "0");
      // Nobody asks for generated keys; the driver would read one after each row, a tenth of the
      // writer's time.
      settings.setProperty("jdbc.get_generated_keys", "false");
      SqliteFile opened =
          new SqliteFile(file, JDBC.createConnection("jdbc:sqlite:" + file, settings));
      try {
        opened.prepare();
        return opened;
      } catch (SQLException | RuntimeException e) {
        opened.connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw explain(file, "open", e);
    } catch (IOException e) {
      throw new StoreException("cannot create the store " + file + ": " + e.getMessage(), e);
    }
  }

  private static void create(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private void prepare() throws SQLException {
    execute("PRAGMA locking_mode=EXCLUSIVE");
    boolean fresh = isFresh();
    if (fresh) {
      execute("PRAGMA page_size=8192");
      execute("PRAGMA auto_vacuum=INCREMENTAL");
    }
    if (!"wal".equals(text("PRAGMA journal_mode=WAL"))) {
      throw new StoreException(
          "the file system of " + file + " cannot hold a write-ahead log: move the data folder");
    }
    execute("PRAGMA synchronous=FULL");
    execute("PRAGMA wal_autocheckpoint=2000");
    execute("PRAGMA journal_size_limit=33554432");
    if (fresh) {
      execute("BEGIN IMMEDIATE");
      execute(SCHEMA);
      execute("PRAGMA application_id=" + APPLICATION_ID);
      execute("PRAGMA user_version=" + FORMAT_VERSION);
      execute("COMMIT");
    }
  }

  /** Whether the file has nothing in it yet; refuses what somebody else put in. */
  private boolean isFresh() throws SQLException {
    long application = number("PRAGMA application_id");
    long version = number("PRAGMA user_version");
    if (application == 0 && version == 0 && number("SELECT count(*) FROM sqlite_master") == 0) {
      return true;
    }
    if (application != APPLICATION_ID) {
      throw new StoreException(
          file + " is a database, but not one of Kapell: choose another data folder");
    }
    if (version != FORMAT_VERSION) {
      throw new StoreException(
          "%s has format %d, this version of Kapell reads format %d: run the version that wrote it, or move the data folder away to start with an empty cluster"
              .formatted(file, version, FORMAT_VERSION));
    }
    return false;
  }

  /** Refuses to grow the file over {@code mostPages}. */
  void limit(int mostPages) {
    try {
      execute("PRAGMA max_page_count=" + mostPages);
    } catch (SQLException e) {
      throw explain(file, "limit", e);
    }
  }

  PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql);
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** The first column of the first row. */
  long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /** What {@code cause}, met while trying to {@code act}, means to a person. */
  StoreException explain(String act, SQLException cause) {
    return explain(file, act, cause);
  }

  private static StoreException explain(Path file, String act, SQLException cause) {
    SQLiteErrorCode code =
        cause instanceof SQLiteException known
            ? SQLiteErrorCode.getErrorCode(known.getResultCode().code & 0xff)
            : SQLiteErrorCode.UNKNOWN_ERROR;
    String message =
        switch (code) {
          case SQLITE_FULL -> "no space is left for " + file + ": free some; nothing was written";
          case SQLITE_BUSY, SQLITE_LOCKED ->
              file + " is in use by another process: stop that one, or choose another data folder";
          case SQLITE_CORRUPT -> damaged(file, String.valueOf(cause.getMessage()));
          case SQLITE_NOTADB -> damaged(file, "it is not an SQLite database");
          case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY ->
              "cannot " + act + " " + file + ": check that it is a file this user may write to";
          case SQLITE_IOERR ->
              "the disk failed to " + act + " " + file + " (" + cause.getMessage() + ")";
          default -> "cannot " + act + " " + file + ": " + cause.getMessage();
        };
    return new StoreException(message, cause);
  }

  /** The failure of a file whose content makes no sense. */
  StoreException damaged(String finding) {
    return new StoreException(damaged(file, finding));
  }

  private static String damaged(Path file, String finding) {
    return file
        + " is damaged ("
        + finding
        + "): restore it from a backup, or move it away to start with an empty cluster";
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw explain(file, "close", e);
    }
  }
}
