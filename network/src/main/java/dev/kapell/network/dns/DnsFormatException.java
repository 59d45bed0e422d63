package dev.kapell.network.dns;

/** A message that does not follow RFC 1035. */
final class DnsFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  DnsFormatException(String message) {
    super(message);
  }
}
