package dev.kapell.network.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One resource record of class IN.
 *
 * @param name its owner
 * @param type a number of {@link DnsType}
 * @param seconds how long it may be kept
 * @param data the record's data, names in it not compressed
 */
record DnsRecord(String name, int type, int seconds, byte[] data) {

  /** An address record, A or AAAA by the length of {@code address}. */
  static DnsRecord address(String name, int seconds, byte[] address) {
    int type = address.length == 4 ? DnsType.A : DnsType.AAAA;
    return new DnsRecord(name, type, seconds, address);
  }

  /** A record whose data is a name: CNAME, PTR, NS. */
  static DnsRecord pointing(String name, int type, int seconds, String target) {
    return new DnsRecord(name, type, seconds, DnsName.bytes(target));
  }

  /** A service record (RFC 2782). */
  static DnsRecord service(String name, int seconds, int weight, int port, String target) {
    byte[] host = DnsName.bytes(target);
    ByteBuffer data = ByteBuffer.allocate(6 + host.length);
    data.putShort((short) 0).putShort((short) weight).putShort((short) port).put(host);
    return new DnsRecord(name, DnsType.SRV, seconds, data.array());
  }

  /** A text record of one string, at most 255 bytes. */
  static DnsRecord text(String name, int seconds, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer data = ByteBuffer.allocate(1 + bytes.length);
    data.put((byte) bytes.length).put(bytes);
    return new DnsRecord(name, DnsType.TXT, seconds, data.array());
  }

  /** The start of authority of a zone; {@code seconds} is also how long an absence may be kept. */
  static DnsRecord authority(String zone, int seconds, int serial) {
    byte[] primary = DnsName.bytes("ns.dns." + zone);
    byte[] mailbox = DnsName.bytes("hostmaster." + zone);
    ByteBuffer data = ByteBuffer.allocate(primary.length + mailbox.length + 20);
    data.put(primary).put(mailbox).putInt(serial);
    data.putInt(7200).putInt(1800).putInt(86_400).putInt(seconds);
    return new DnsRecord(zone, DnsType.SOA, seconds, data.array());
  }
}
