package dev.kapell.app.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What an operator may set of a server.
 *
 * @param encryptionConfig an {@code EncryptionConfiguration}; absent: Secrets, with a key of the
 *     cluster's own
 */
public record OperationSettings(Optional<Path> encryptionConfig) {
  /** What is on without a word. */
  public static OperationSettings defaults() {
    return new OperationSettings(Optional.empty());
  }
}
