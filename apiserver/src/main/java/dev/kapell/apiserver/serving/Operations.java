package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.access.Access;
import dev.kapell.apiserver.audit.AuditOptions;
import dev.kapell.apiserver.encryption.Encryption;
import dev.kapell.apiserver.flow.FlowOptions;
import dev.kapell.apiserver.tracing.TracingOptions;
import java.util.Optional;

/**
 * How an API server is operated.
 *
 * @param encryption of the store, for the command that rotates its keys; absent: there is none
 * @param audit what is written down; absent: nothing
 * @param tracing where traces go; absent: nowhere
 * @param flow how many requests run at a time
 * @param access who is believed, and what is asked of pods
 * @param shutdown how it ends
 */
public record Operations(
    Optional<Encryption> encryption,
    Optional<AuditOptions> audit,
    Optional<TracingOptions> tracing,
    FlowOptions flow,
    Access access,
    ShutdownOptions shutdown) {
  /** Nothing encrypted and nothing written down: for a store in memory. */
  public static Operations defaults() {
    return new Operations(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        FlowOptions.defaults(),
        Access.DEFAULT,
        ShutdownOptions.defaults());
  }

  /** The same with {@code other} between the server and its store. */
  public Operations withEncryption(Encryption other) {
    return new Operations(Optional.of(other), audit, tracing, flow, access, shutdown);
  }

  /** The same with an audit trail. */
  public Operations withAudit(AuditOptions other) {
    return new Operations(encryption, Optional.of(other), tracing, flow, access, shutdown);
  }

  /** The same with traces. */
  public Operations withTracing(TracingOptions other) {
    return new Operations(encryption, audit, Optional.of(other), flow, access, shutdown);
  }

  /** The same with other bounds. */
  public Operations withFlow(FlowOptions other) {
    return new Operations(encryption, audit, tracing, other, access, shutdown);
  }

  /** The same, with others let in. */
  public Operations withAccess(Access other) {
    return new Operations(encryption, audit, tracing, flow, other, shutdown);
  }

  /** The same with another end. */
  public Operations withShutdown(ShutdownOptions other) {
    return new Operations(encryption, audit, tracing, flow, access, other);
  }
}
