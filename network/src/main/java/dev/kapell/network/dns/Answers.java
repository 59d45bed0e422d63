package dev.kapell.network.dns;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the address records out of another server's message, to put them behind a CNAME of ours.
 */
final class Answers {
  private Answers() {}

  /** The A, AAAA and CNAME records of the answer section; empty when the message cannot be read. */
  static List<DnsRecord> read(byte[] message) {
    List<DnsRecord> records = new ArrayList<>();
    try {
      ByteBuffer in = ByteBuffer.wrap(message);
      int questions = in.getShort(4);
      int answers = in.getShort(6);
      in.position(Query.HEADER);
      for (int i = 0; i < questions; i++) {
        DnsName.read(in);
        in.getInt();
      }
      for (int i = 0; i < answers; i++) {
        add(in, records);
      }
      return records;
    } catch (DnsFormatException
        | BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException e) {
      return List.of(); // the other server's mistake: the client gets the CNAME alone
    }
  }

  private static void add(ByteBuffer in, List<DnsRecord> records) throws DnsFormatException {
    String name = DnsName.read(in);
    int type = in.getShort() & 0xFFFF;
    in.getShort();
    int seconds = in.getInt();
    int length = in.getShort() & 0xFFFF;
    int end = in.position() + length;
    if (type == DnsType.CNAME) {
      records.add(DnsRecord.pointing(name, type, seconds, DnsName.read(in)));
    } else if (type == DnsType.A || type == DnsType.AAAA) {
      byte[] data = new byte[length];
      in.get(data);
      records.add(new DnsRecord(name, type, seconds, data));
    }
    in.position(end);
  }
}
