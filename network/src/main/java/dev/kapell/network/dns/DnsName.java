package dev.kapell.network.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Domain names on the wire, as text without the last dot. A label with a dot in it is refused. */
final class DnsName {
  private static final int MAX_LABEL = 63;
  private static final int MAX_NAME = 255;
  private static final int POINTER = 0xC0;

  private DnsName() {}

  /** Reads the name at the buffer's position, following pointers, and moves behind it. */
  static String read(ByteBuffer message) throws DnsFormatException {
    StringBuilder name = new StringBuilder();
    int after = -1;
    int jumps = 0;
    while (true) {
      int length = unsigned(message);
      if (length == 0) {
        break;
      }
      if ((length & POINTER) == POINTER) {
        int target = (length & ~POINTER) << 8 | unsigned(message);
        if (after < 0) {
          after = message.position();
        }
        if (target >= message.limit() || ++jumps > MAX_LABEL) {
          throw new DnsFormatException("a pointer that leads nowhere");
        }
        message.position(target);
      } else {
        readLabel(message, length, name);
      }
    }
    if (after >= 0) {
      message.position(after);
    }
    return name.toString();
  }

  private static void readLabel(ByteBuffer message, int length, StringBuilder name)
      throws DnsFormatException {
    if (length > MAX_LABEL || length > message.remaining() || name.length() > MAX_NAME) {
      throw new DnsFormatException("a label that is too long");
    }
    byte[] label = new byte[length];
    message.get(label);
    String text = new String(label, StandardCharsets.ISO_8859_1);
    if (text.indexOf('.') >= 0) {
      throw new DnsFormatException("a dot inside a label");
    }
    name.append(name.isEmpty() ? "" : ".").append(text);
  }

  private static int unsigned(ByteBuffer message) throws DnsFormatException {
    if (!message.hasRemaining()) {
      throw new DnsFormatException("ends inside a name");
    }
    return message.get() & 0xFF;
  }

  /** Whether {@link #bytes} takes {@code name}, with or without a dot at its end. */
  static boolean isName(String name) {
    try {
      bytes(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
      return !name.isEmpty();
    } catch (IllegalArgumentException e) {
      return false; // asked of what people wrote: not being one is an answer
    }
  }

  /**
   * The name without compression. Throws {@link IllegalArgumentException} when it cannot be one.
   */
  static byte[] bytes(String name) {
    ByteBuffer out = ByteBuffer.allocate(MAX_NAME);
    if (!name.isEmpty()) {
      for (String label : name.split("\\.", -1)) {
        byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length == 0 || bytes.length > MAX_LABEL || bytes.length + 2 > out.remaining()) {
          throw new IllegalArgumentException("\"" + name + "\" is not a domain name");
        }
        out.put((byte) bytes.length).put(bytes);
      }
    }
    out.put((byte) 0);
    byte[] exact = new byte[out.position()];
    out.flip().get(exact);
    return exact;
  }
}
