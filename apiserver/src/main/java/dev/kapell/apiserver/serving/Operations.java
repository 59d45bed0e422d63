package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.encryption.Encryption;
import java.util.Optional;

/**
 * How an API server is operated.
 *
 * @param encryption of the store, for the command that rotates its keys; absent: there is none
 */
public record Operations(Optional<Encryption> encryption) {
  /** No encryption: for a store in memory. */
  public static Operations defaults() {
    return new Operations(Optional.empty());
  }

  /** The same with {@code other} between the server and its store. */
  public Operations withEncryption(Encryption other) {
    return new Operations(Optional.of(other));
  }
}
