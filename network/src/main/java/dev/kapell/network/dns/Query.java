package dev.kapell.network.dns;

import java.nio.ByteBuffer;

/**
 * A question as it came.
 *
 * @param id the client's number
 * @param flags the second word of the header
 * @param name what is asked about, in the client's own capitals
 * @param type a number of {@link DnsType}
 * @param dnsClass 1 for IN
 * @param edns whether the client speaks EDNS
 * @param ednsVersion its version
 * @param udpLimit the longest UDP answer that the client takes, in bytes
 */
record Query(
    int id,
    int flags,
    String name,
    int type,
    int dnsClass,
    boolean edns,
    int ednsVersion,
    int udpLimit) {
  static final int HEADER = 12;
  static final int RESPONSE = 0x8000;
  static final int RECURSION_DESIRED = 0x0100;

  /** What fits where EDNS is not spoken. */
  static final int PLAIN_LIMIT = 512;

  /** What passes every path without fragments (DNS flag day 2020). */
  static final int SAFE_LIMIT = 1232;

  /** Reads a whole message. */
  static Query read(byte[] message) throws DnsFormatException {
    if (message.length < HEADER) {
      throw new DnsFormatException("shorter than a header");
    }
    ByteBuffer in = ByteBuffer.wrap(message);
    int id = in.getShort() & 0xFFFF;
    int flags = in.getShort() & 0xFFFF;
    int questions = in.getShort() & 0xFFFF;
    int others = (in.getShort() & 0xFFFF) + (in.getShort() & 0xFFFF);
    int additional = in.getShort() & 0xFFFF;
    if (questions != 1) {
      throw new DnsFormatException(questions + " questions");
    }
    String name = DnsName.read(in);
    if (in.remaining() < 4) {
      throw new DnsFormatException("ends inside the question");
    }
    int type = in.getShort() & 0xFFFF;
    int dnsClass = in.getShort() & 0xFFFF;
    for (int i = 0; i < others + additional; i++) {
      DnsName.read(in);
      if (in.remaining() < 10) {
        throw new DnsFormatException("ends inside a record");
      }
      int recordType = in.getShort() & 0xFFFF;
      int size = in.getShort() & 0xFFFF;
      int version = in.getInt() >> 16 & 0xFF;
      int length = in.getShort() & 0xFFFF;
      if (recordType == DnsType.OPT) {
        int limit = Math.clamp(size, PLAIN_LIMIT, SAFE_LIMIT);
        return new Query(id, flags, name, type, dnsClass, true, version, limit);
      }
      if (length > in.remaining()) {
        throw new DnsFormatException("ends inside a record");
      }
      in.position(in.position() + length);
    }
    return new Query(id, flags, name, type, dnsClass, false, 0, PLAIN_LIMIT);
  }

  boolean isResponse() {
    return (flags & RESPONSE) != 0;
  }

  int opcode() {
    return flags >> 11 & 0xF;
  }
}
