package dev.kapell.app.command;

import dev.kapell.apiserver.audit.AuditOptions;
import dev.kapell.apiserver.serving.ShutdownOptions;
import dev.kapell.app.server.OperationSettings;
import dev.kapell.app.terminal.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a server is operated: the names are those of kube-apiserver where it has them. */
final class OperationsMixin {
  @Option(
      names = "--encryption-provider-config",
      paramLabel = "FILE",
      description =
          "An EncryptionConfiguration that says what is encrypted at rest and with which keys"
              + " (default: Secrets, with a key that Kapell keeps in its data folder).")
  private @Nullable Path encryptionConfig;

  @Option(
      names = "--audit-policy-file",
      paramLabel = "FILE",
      description =
          "An audit.k8s.io/v1 policy that says which requests are written down (default: who"
              + " changes what, who reads Secrets and who gets into containers).")
  private @Nullable Path auditPolicy;

  @Option(
      names = "--audit-log-path",
      paramLabel = "FILE",
      description = "The audit log (default: audit/audit.log in the data folder).")
  private @Nullable Path auditLog;

  @Option(
      names = "--audit-log-maxsize",
      paramLabel = "MB",
      defaultValue = "100",
      description = "Size at which the audit log is rotated (default: ${DEFAULT-VALUE}).")
  private int auditMegabytes = 100;

  @Option(
      names = "--audit-log-maxbackup",
      paramLabel = "N",
      defaultValue = "10",
      description = "Rotated audit logs that are kept, 0 for all (default: ${DEFAULT-VALUE}).")
  private int auditBackups = 10;

  @Option(
      names = "--audit-log-maxage",
      paramLabel = "DAYS",
      defaultValue = "30",
      description = "Days that rotated logs are kept, 0 for ever (default: ${DEFAULT-VALUE}).")
  private int auditDays = 30;

  @Option(
      names = "--tracing-config-file",
      paramLabel = "FILE",
      description =
          "A TracingConfiguration that says which OpenTelemetry collector gets traces of requests,"
              + " by OTLP over HTTP (default: none).")
  private @Nullable Path tracingConfig;

  @Option(
      names = "--max-requests-inflight",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Seats of priority and fairness, together with the next option (default: 16 for each"
              + " processor, at least 64).")
  private int reading;

  @Option(
      names = "--max-mutating-requests-inflight",
      paramLabel = "N",
      defaultValue = "0",
      description = "Further seats (default: none).")
  private int writing;

  @Option(
      names = "--scheduler-config",
      paramLabel = "FILE",
      description =
          "A KubeSchedulerConfiguration that says by which rules pods are placed, under which"
              + " names, and which other programs have a say (default: the usual rules).")
  private @Nullable Path schedulerConfig;

  @Mixin private AccessMixin access = new AccessMixin();

  @Option(
      names = "--shutdown-delay-duration",
      paramLabel = "DURATION",
      defaultValue = "0s",
      converter = GoDuration.class,
      description =
          "How long the server serves on after it was told to end, with /readyz failing, so that"
              + " load balancers turn elsewhere; for instance 5s (default: ${DEFAULT-VALUE}).")
  private Duration shutdownDelay = Duration.ZERO;

  @Option(
      names = "--shutdown-drain-duration",
      paramLabel = "DURATION",
      defaultValue = "30s",
      converter = GoDuration.class,
      description =
          "How long requests that run then may take (default: ${DEFAULT-VALUE}); a server without"
              + " requests ends at once.")
  private Duration shutdownDrain = ShutdownOptions.defaults().drain();

  OperationSettings settings() {
    return new OperationSettings(
        absolute(encryptionConfig),
        new OperationSettings.Audit(absolute(auditPolicy), absolute(auditLog), rotation()),
        absolute(tracingConfig),
        seats(),
        access.settings(),
        new ShutdownOptions(shutdownDelay, shutdownDrain),
        absolute(schedulerConfig));
  }

  private int seats() {
    if (reading < 0 || writing < 0) {
      throw new UserError("--max-requests-inflight is at least 0");
    }
    return reading + writing;
  }

  private AuditOptions.Rotation rotation() {
    if (auditMegabytes < 1 || auditBackups < 0 || auditDays < 0) {
      throw new UserError("--audit-log-maxsize is at least 1, -maxbackup and -maxage at least 0");
    }
    return new AuditOptions.Rotation((long) auditMegabytes << 20, auditBackups, auditDays);
  }

  private static Optional<Path> absolute(@Nullable Path file) {
    return Optional.ofNullable(file).map(Path::toAbsolutePath);
  }

  /** The same again, for the command line of a server in the background. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    add(arguments, "--encryption-provider-config", absolute(encryptionConfig));
    arguments.addAll(access.arguments());
    add(arguments, "--audit-policy-file", absolute(auditPolicy));
    add(arguments, "--audit-log-path", absolute(auditLog));
    add(arguments, "--audit-log-maxsize", Optional.of(auditMegabytes));
    add(arguments, "--audit-log-maxbackup", Optional.of(auditBackups));
    add(arguments, "--audit-log-maxage", Optional.of(auditDays));
    add(arguments, "--tracing-config-file", absolute(tracingConfig));
    add(arguments, "--scheduler-config", absolute(schedulerConfig));
    add(arguments, "--max-requests-inflight", Optional.of(reading));
    add(arguments, "--max-mutating-requests-inflight", Optional.of(writing));
    add(arguments, "--shutdown-delay-duration", Optional.of(shutdownDelay).map(GoDuration::print));
    add(arguments, "--shutdown-drain-duration", Optional.of(shutdownDrain).map(GoDuration::print));
    return arguments;
  }

  private static void add(List<String> arguments, String name, Optional<?> value) {
    value.ifPresent(text -> arguments.addAll(List.of(name, text.toString())));
  }
}
