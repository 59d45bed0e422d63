package dev.kapell.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/**
 * A row of the log in SQLite.
 *
 * @param seq the revision, shifted, and the place in the transaction
 * @param collection the number of the table's name
 * @param path within the table
 * @param created the revision that created the key
 * @param deleted whether this is the end of the key
 * @param value as it is kept, which may be sealed
 */
record LogRow(long seq, int collection, String path, long created, boolean deleted, byte[] value) {
  /** From the first six columns. */
  static LogRow of(ResultSet row) throws SQLException {
    return new LogRow(
        row.getLong(1),
        row.getInt(2),
        row.getString(3),
        row.getLong(4),
        row.getBoolean(5),
        row.getBytes(6));
  }

  LogRow with(byte[] other) {
    return new LogRow(seq, collection, path, created, deleted, other);
  }

  /** Over everything in the row. */
  int checksum() {
    ByteBuffer numbers = ByteBuffer.allocate(21);
    numbers.putLong(seq).putLong(created).putInt(collection).put((byte) (deleted ? 1 : 0)).flip();
    CRC32C crc = new CRC32C();
    crc.update(numbers);
    crc.update(path.getBytes(StandardCharsets.UTF_8));
    crc.update(value);
    return (int) crc.getValue();
  }
}
