package dev.kapell.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A journal in SQLite: one table that every version of every key is appended to, in the order of
 * revisions, and from which versions go once no watch can ask for them. So each value is written
 * once, new rows share pages, and what is forgotten frees whole pages for new ones. Owned by the
 * writer's thread.
 */
final class SqliteJournal implements Journal {
  private static final byte[] NONE = new byte[0];

  /** A row's number is its revision, shifted, and its place in the transaction. */
  private static final int PLACE_BITS = 10;

  /** Pages are given back to the file system when more than so many are free, and a quarter. */
  private static final int FREE_PAGES = 2048;

  /** About what a sync of the log costs. */
  private static final Duration GATHERING = Duration.ofNanos(250_000);

  private static final int PAGES_AT_ONCE = 512;

  private final SqliteFile file;
  private final AtRest atRest;
  private final Map<String, Integer> collections = new HashMap<>();
  private SqliteStatements statements;

  SqliteJournal(SqliteFile file, AtRest atRest) {
    this.file = file;
    this.atRest = atRest;
    try {
      statements = SqliteStatements.prepare(file);
    } catch (SQLException e) {
      file.close();
      throw file.explain("read", e);
    }
  }

  @Override
  public void load(Replay replay) {
    boolean stale = false;
    try {
      Map<Integer, String> names = new HashMap<>();
      try (PreparedStatement query = file.prepare("SELECT id, name, floor FROM collection");
          ResultSet row = query.executeQuery()) {
        while (row.next()) {
          names.put(row.getInt(1), row.getString(2));
          collections.put(row.getString(2), row.getInt(1));
          replay.floor(row.getString(2), row.getLong(3));
        }
      }
      try (PreparedStatement query =
              file.prepare(
                  "SELECT seq, collection, path, created, deleted, value, checksum FROM log"
                      + " ORDER BY seq");
          ResultSet row = query.executeQuery()) {
        while (row.next()) {
          stale |= read(row, names, replay);
        }
      }
      if (stale) {
        reseal();
      }
    } catch (SQLException e) {
      throw file.explain("read", e);
    }
  }

  /** Whether the value is kept in a form that it would not get today. */
  private boolean read(ResultSet columns, Map<Integer, String> names, Replay replay)
      throws SQLException {
    LogRow row = LogRow.of(columns);
    String table = names.get(row.collection());
    if (table == null || row.checksum() != columns.getInt(7)) {
      throw file.damaged("row " + row.seq() + " of its log does not match its checksum");
    }
    Key key = new Key(table, row.path());
    long revision = row.seq() >> PLACE_BITS;
    byte[] kept = row.value();
    byte[] value = kept.length == 0 ? kept : atRest.open(key, kept);
    if (row.deleted()) {
      replay.delete(key, value, revision);
    } else {
      replay.put(new Entry(key, value, row.created(), revision));
    }
    return kept.length > 0 && !atRest.isCurrent(key, kept);
  }

  @Override
  public Duration gathering() {
    return GATHERING;
  }

  @Override
  public int reseal() {
    Map<Integer, String> names = new HashMap<>();
    collections.forEach((name, id) -> names.put(id, name));
    try {
      return new SqliteReseal(file, names, atRest).run();
    } catch (SQLException e) {
      throw file.explain("write", e);
    }
  }

  @Override
  public void append(List<Event> events, Garbage garbage) {
    int named = collections.size();
    try {
      statements.begin().executeUpdate();
      insert(events);
      forget(garbage);
      statements.commit().executeUpdate();
    } catch (SQLException e) {
      collections.values().removeIf(id -> id > named);
      rollBack(e);
      throw file.explain("write", e);
    } catch (StoreException e) {
      collections.values().removeIf(id -> id > named);
      rollBack(e);
      throw e;
    }
  }

  private void rollBack(Exception cause) {
    try {
      file.execute("ROLLBACK");
    } catch (SQLException e) {
      // After some errors, a full disk among them, SQLite has done it already.
      cause.addSuppressed(e);
    }
    try {
      statements.close();
      statements = SqliteStatements.prepare(file);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private void insert(List<Event> events) throws SQLException {
    long revision = 0;
    int place = 0;
    for (Event event : events) {
      place = event.revision() == revision ? place + 1 : 0;
      revision = event.revision();
      insert(event, (revision << PLACE_BITS) + place);
    }
  }

  private void insert(Event event, long seq) throws SQLException {
    PreparedStatement insert = statements.insert();
    Entry entry = event.entry();
    Key key = entry.key();
    boolean deleted = event.kind() == Event.Kind.DELETED;
    byte[] value = hasValueOfItsOwn(event) ? atRest.seal(key, entry.value()) : NONE;
    LogRow row =
        new LogRow(
            seq, collection(key.table()), key.path(), entry.createRevision(), deleted, value);
    insert.setLong(1, seq);
    insert.setInt(2, row.collection());
    insert.setString(3, row.path());
    insert.setLong(4, row.created());
    insert.setBoolean(5, deleted);
    insert.setBytes(6, value);
    insert.setInt(7, row.checksum());
    insert.executeUpdate();
  }

  /** A deleted object's final state is not written again where it is what was there before. */
  private static boolean hasValueOfItsOwn(Event event) {
    return event.kind() != Event.Kind.DELETED
        || !Arrays.equals(event.entry().value(), event.previous().map(Entry::value).orElse(NONE));
  }

  private int collection(String table) throws SQLException {
    Integer known = collections.get(table);
    if (known != null) {
      return known;
    }
    int id = collections.size() + 1;
    PreparedStatement name = statements.name();
    name.setInt(1, id);
    name.setString(2, table);
    name.executeUpdate();
    collections.put(table, id);
    return id;
  }

  private void forget(Garbage garbage) throws SQLException {
    PreparedStatement raise = statements.raise();
    PreparedStatement forget = statements.forget();
    for (Map.Entry<String, Long> floor : garbage.floors().entrySet()) {
      raise.setLong(1, floor.getValue());
      raise.setInt(2, collection(floor.getKey()));
      raise.executeUpdate();
    }
    for (Garbage.Version version : garbage.versions()) {
      forget.setLong(1, version.revision() << PLACE_BITS);
      forget.setLong(2, (version.revision() + 1) << PLACE_BITS);
      forget.setString(3, version.key().path());
      forget.setInt(4, collection(version.key().table()));
      forget.executeUpdate();
    }
    if (!garbage.versions().isEmpty()) {
      giveBackPages();
    }
  }

  private void giveBackPages() throws SQLException {
    long free = file.number("PRAGMA freelist_count");
    if (free > FREE_PAGES && free > file.number("PRAGMA page_count") / 4) {
      file.execute("PRAGMA incremental_vacuum(" + PAGES_AT_ONCE + ")");
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
