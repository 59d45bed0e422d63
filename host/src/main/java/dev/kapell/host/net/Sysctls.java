package dev.kapell.host.net;

import java.util.Optional;

/** Kernel parameters, by their dotted names: {@code net.ipv4.ip_forward}. */
public interface Sysctls {
  /** The value; empty when this kernel has no such parameter. */
  Optional<String> read(String key);

  /**
   * Sets a value; does nothing when it is so already.
   *
   * @throws NetworkFailure when there is no such parameter or it may not be written
   */
  void write(String key, String value);
}
