package dev.kapell.store;

/**
 * What is stored under a key. Nobody changes {@code value} after the commit: the same array is sent
 * to every reader.
 *
 * @param key where
 * @param value the bytes, stamped (see {@link Op.Put#stampAt})
 * @param createRevision the revision that created the key
 * @param revision the revision of this value
 */
public record Entry(Key key, byte[] value, long createRevision, long revision) {}
