package dev.kapell.network.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param code a number of {@link DnsType}, for instance {@link DnsType#NAME_ERROR}
 * @param authoritative whether we know it ourselves
 * @param answers the answer section
 * @param authority the authority section
 * @param additional the additional section, without OPT
 */
record Reply(
    int code,
    boolean authoritative,
    List<DnsRecord> answers,
    List<DnsRecord> authority,
    List<DnsRecord> additional) {
  private static final int MAX_MESSAGE = 65_535;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int RECURSION_AVAILABLE = 0x0080;
  private static final int OPT_LENGTH = 11;

  /** Copies the sections. */
  Reply {
    answers = List.copyOf(answers);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
  }

  /** An answer that is only a code. */
  static Reply failure(int code) {
    return new Reply(code, false, List.of(), List.of(), List.of());
  }

  /**
   * The message for UDP: what does not fit the client's limit is left out, and the answer says so.
   */
  byte[] forUdp(Query query) {
    return write(query, query.udpLimit());
  }

  /** The message for TCP, without the length in front. */
  byte[] forTcp(Query query) {
    return write(query, MAX_MESSAGE);
  }

  /** Answers a message that could not be read: the code and the client's number, nothing else. */
  static byte[] toUnreadable(byte[] message, int code) {
    ByteBuffer out = ByteBuffer.allocate(Query.HEADER);
    out.put(message, 0, 2).putShort((short) (Query.RESPONSE | code));
    return out.array();
  }

  private byte[] write(Query query, int limit) {
    Writer writer = new Writer(limit - (query.edns() ? OPT_LENGTH : 0));
    writer.question(query);
    int answered = writer.records(answers);
    int named = answered == answers.size() ? writer.records(authority) : 0;
    boolean whole = answered == answers.size() && named == authority.size();
    int added = whole ? writer.records(additional) : 0;
    if (query.edns()) {
      writer.opt(code >> 4);
    }
    int flags =
        Query.RESPONSE
            | (query.flags() & (0x7800 | Query.RECURSION_DESIRED))
            | RECURSION_AVAILABLE
            | (authoritative ? AUTHORITATIVE : 0)
            | (whole ? 0 : TRUNCATED)
            | (code & 0xF);
    return writer.finish(
        query.id(), flags, new int[] {1, answered, named, added + (query.edns() ? 1 : 0)});
  }

  /** Writes one message, owners compressed. */
  private static final class Writer {
    private final ByteBuffer out = ByteBuffer.allocate(MAX_MESSAGE);
    private final Map<String, Integer> offsets = new HashMap<>();
    private final int limit;

    Writer(int limit) {
      this.limit = limit;
      out.position(Query.HEADER);
    }

    void question(Query query) {
      name(query.name());
      out.putShort((short) query.type()).putShort((short) query.dnsClass());
    }

    /** Writes as many as fit and says how many. */
    int records(List<DnsRecord> records) {
      int written = 0;
      for (DnsRecord each : records) {
        int start = out.position();
        int longest = start + each.name().length() + 12 + each.data().length;
        if (longest > MAX_MESSAGE - OPT_LENGTH) {
          return written;
        }
        name(each.name());
        out.putShort((short) each.type()).putShort((short) DnsType.CLASS_IN);
        out.putInt(each.seconds()).putShort((short) each.data().length).put(each.data());
        if (out.position() > limit) {
          out.position(start);
          offsets.values().removeIf(offset -> offset >= start);
          return written;
        }
        written++;
      }
      return written;
    }

    private void name(String name) {
      String rest = name;
      while (!rest.isEmpty()) {
        @Nullable Integer known = offsets.get(rest.toLowerCase(Locale.ROOT));
        if (known != null) {
          out.putShort((short) (0xC000 | known));
          return;
        }
        if (out.position() < 0x4000) {
          offsets.put(rest.toLowerCase(Locale.ROOT), out.position());
        }
        int dot = rest.indexOf('.') < 0 ? rest.length() : rest.indexOf('.');
        byte[] label = rest.substring(0, dot).getBytes(StandardCharsets.ISO_8859_1);
        out.put((byte) label.length).put(label);
        rest = dot == rest.length() ? "" : rest.substring(dot + 1);
      }
      out.put((byte) 0);
    }

    void opt(int extendedCode) {
      out.put((byte) 0).putShort((short) DnsType.OPT).putShort((short) Query.SAFE_LIMIT);
      out.put((byte) extendedCode).put((byte) 0).putShort((short) 0).putShort((short) 0);
    }

    byte[] finish(int id, int flags, int[] counts) {
      out.putShort(0, (short) id).putShort(2, (short) flags);
      for (int i = 0; i < counts.length; i++) {
        out.putShort(4 + 2 * i, (short) counts[i]);
      }
      byte[] message = new byte[out.position()];
      out.flip().get(message);
      return message;
    }
  }
}
