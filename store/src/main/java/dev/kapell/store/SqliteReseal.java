package dev.kapell.store;

import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes each kept value again in the form that it would get today, some hundred in a transaction;
 * what was done before a crash stays done. Afterwards neither the file nor its log hold the old
 * form. Used by the thread that owns the file.
 */
final class SqliteReseal {
  private static final System.Logger LOG = System.getLogger("kapell.store");
  private static final int ROWS_AT_ONCE = 256;

  private final SqliteFile file;
  private final Map<Integer, String> tables;
  private final AtRest atRest;
  private int changed;

  SqliteReseal(SqliteFile file, Map<Integer, String> tables, AtRest atRest) {
    this.file = file;
    this.tables = tables;
    this.atRest = atRest;
  }

  /** A row whose value is kept in an old form. */
  private record Stale(LogRow row, byte[] sealed) {}

  /** Does it, and says how many values were written again. */
  int run() throws SQLException {
    file.execute("PRAGMA secure_delete=ON");
    try (PreparedStatement select =
            file.prepare(
                "SELECT seq, collection, path, created, deleted, value FROM log"
                    + " WHERE seq > ? ORDER BY seq LIMIT "
                    + ROWS_AT_ONCE);
        PreparedStatement update =
            file.prepare("UPDATE log SET value = ?, checksum = ? WHERE seq = ?")) {
      for (long after = 0; after >= 0; ) {
        after = some(select, update, after);
      }
    } finally {
      file.execute("PRAGMA secure_delete=OFF");
    }
    if (changed > 0) {
      clean();
    }
    return changed;
  }

  /** The last row looked at, -1 at the end. */
  private long some(PreparedStatement select, PreparedStatement update, long after)
      throws SQLException {
    List<Stale> stale = new ArrayList<>();
    long last = -1;
    select.setLong(1, after);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        LogRow row = LogRow.of(rows);
        last = row.seq();
        Key key = new Key(tables.getOrDefault(row.collection(), ""), row.path());
        if (row.value().length > 0 && !atRest.isCurrent(key, row.value())) {
          stale.add(new Stale(row, atRest.seal(key, atRest.open(key, row.value()))));
        }
      }
    }
    if (!stale.isEmpty()) {
      write(update, stale);
    }
    return last;
  }

  private void write(PreparedStatement update, List<Stale> stale) throws SQLException {
    file.execute("BEGIN IMMEDIATE");
    try {
      for (Stale each : stale) {
        update.setBytes(1, each.sealed());
        update.setInt(2, each.row().with(each.sealed()).checksum());
        update.setLong(3, each.row().seq());
        update.executeUpdate();
      }
      file.execute("COMMIT");
    } catch (SQLException e) {
      file.execute("ROLLBACK");
      throw e;
    }
    changed += stale.size();
  }

  /** Pages that were freed long ago, and the write-ahead log, may still hold old forms. */
  private void clean() {
    try {
      file.execute("VACUUM");
      file.number("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      LOG.log(
          Level.WARNING,
          "values were sealed anew, but free pages of the file may still hold them as they were:"
              + " free disk space and restart",
          e);
    }
  }
}
