package dev.kapell.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The statements of a commit. The driver closes one that failed, so after a failure all are
 * prepared anew.
 *
 * @param insert seq, collection, path, created, deleted, value, checksum
 * @param forget from seq, to seq (exclusive), path, collection
 * @param raise floor, collection
 * @param name id, name
 */
record SqliteStatements(
    PreparedStatement begin,
    PreparedStatement commit,
    PreparedStatement insert,
    PreparedStatement forget,
    PreparedStatement raise,
    PreparedStatement name) {

  static SqliteStatements prepare(SqliteFile file) throws SQLException {
    return new SqliteStatements(
        file.prepare("BEGIN IMMEDIATE"),
        file.prepare("COMMIT"),
        file.prepare(
            "INSERT INTO log (seq, collection, path, created, deleted, value, checksum)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)"),
        file.prepare("DELETE FROM log WHERE seq >= ? AND seq < ? AND path = ? AND collection = ?"),
        file.prepare("UPDATE collection SET floor = max(floor, ?) WHERE id = ?"),
        file.prepare("INSERT INTO collection (id, name, floor) VALUES (?, ?, 0)"));
  }

  /** Frees them. */
  void close() throws SQLException {
    for (PreparedStatement each :
        new PreparedStatement[] {begin, commit, insert, forget, raise, name}) {
      each.close();
    }
  }
}
