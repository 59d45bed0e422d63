package dev.kapell.app.server;

import dev.kapell.apiserver.audit.AuditOptions;
import dev.kapell.apiserver.serving.ShutdownOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an operator may set of a server.
 *
 * @param encryptionConfig an {@code EncryptionConfiguration}; absent: Secrets, with a key of the
 *     cluster's own
 * @param audit what is written down
 * @param tracing a {@code TracingConfiguration}; absent: no traces
 * @param seats how many requests run at a time; 0: as many as fit the machine
 * @param access who is let in
 * @param shutdown how it ends
 * @param scheduler a {@code KubeSchedulerConfiguration}; absent: the default rules
 */
public record OperationSettings(
    Optional<Path> encryptionConfig,
    Audit audit,
    Optional<Path> tracing,
    int seats,
    AccessSettings access,
    ShutdownOptions shutdown,
    Optional<Path> scheduler) {
  /** What is on without a word. */
  public static OperationSettings defaults() {
    return new OperationSettings(
        Optional.empty(),
        Audit.defaults(),
        Optional.empty(),
        0,
        AccessSettings.defaults(),
        ShutdownOptions.defaults(),
        Optional.empty());
  }

  /**
   * The audit trail.
   *
   * @param policy a policy; absent: the built-in one
   * @param log where; absent: in the data folder
   * @param rotation how much is kept
   */
  public record Audit(Optional<Path> policy, Optional<Path> log, AuditOptions.Rotation rotation) {
    /** The built-in policy, in the data folder. */
    public static Audit defaults() {
      return new Audit(
          Optional.empty(), Optional.empty(), AuditOptions.to(Path.of("audit.log")).rotation());
    }
  }
}
