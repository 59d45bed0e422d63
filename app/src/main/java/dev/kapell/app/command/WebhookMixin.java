package dev.kapell.app.command;

import dev.kapell.app.server.AccessSettings;
import dev.kapell.app.terminal.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Other servers that are asked who somebody is and what they may: as in kube-apiserver. */
final class WebhookMixin {
  @Option(
      names = "--authentication-token-webhook-config-file",
      paramLabel = "FILE",
      description = "A kubeconfig of the server that is asked about tokens (default: none).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--authentication-token-webhook-version",
      paramLabel = "VERSION",
      defaultValue = "v1beta1",
      description = "The TokenReview that it gets: v1 or v1beta1 (default: ${DEFAULT-VALUE}).")
  private String tokenVersion = "v1beta1";

  @Option(
      names = "--authentication-token-webhook-cache-ttl",
      paramLabel = "SPAN",
      defaultValue = "2m",
      converter = GoDuration.class,
      description = "How long its answers count (default: ${DEFAULT-VALUE}).")
  private Duration tokenKept = Duration.ofMinutes(2);

  @Option(
      names = "--authorization-config",
      paramLabel = "FILE",
      description =
          "An AuthorizationConfiguration: who is asked who may do what, in which order; instead of"
              + " the next options.")
  private @Nullable Path authorization;

  @Option(
      names = "--authorization-mode",
      paramLabel = "MODE",
      split = ",",
      description =
          "Who is asked who may do what: Node, RBAC, Webhook, AlwaysAllow, AlwaysDeny (default:"
              + " Node,RBAC).")
  private List<String> modes = new ArrayList<>();

  @Option(
      names = "--authorization-webhook-config-file",
      paramLabel = "FILE",
      description = "A kubeconfig of the server that the mode Webhook asks.")
  private @Nullable Path accessFile;

  @Option(
      names = "--authorization-webhook-version",
      paramLabel = "VERSION",
      description = "The SubjectAccessReview that it gets: v1 or v1beta1 (default: v1beta1).")
  private @Nullable String accessVersion;

  @Option(
      names = "--authorization-webhook-cache-authorized-ttl",
      paramLabel = "SPAN",
      converter = GoDuration.class,
      description = "How long a yes counts (default: 5m).")
  private @Nullable Duration allowedKept;

  @Option(
      names = "--authorization-webhook-cache-unauthorized-ttl",
      paramLabel = "SPAN",
      converter = GoDuration.class,
      description = "How long any other answer counts (default: 30s).")
  private @Nullable Duration othersKept;

  Optional<AccessSettings.TokenServer> tokens() {
    return absolute(tokenFile)
        .map(file -> new AccessSettings.TokenServer(file, tokenVersion, tokenKept));
  }

  AccessSettings.Authorizers authorizers() {
    boolean flags =
        !modes.isEmpty()
            || accessFile != null
            || accessVersion != null
            || allowedKept != null
            || othersKept != null;
    if (authorization != null && flags) {
      throw new UserError(
          "--authorization-config can not be specified when --authorization-mode or"
              + " --authorization-webhook-* flags are specified");
    }
    AccessSettings.Authorizers defaults = AccessSettings.Authorizers.defaults();
    return new AccessSettings.Authorizers(
        absolute(authorization),
        modes.isEmpty() ? defaults.modes() : modes,
        absolute(accessFile),
        accessVersion == null ? defaults.version() : accessVersion,
        allowedKept == null ? defaults.allowedKept() : allowedKept,
        othersKept == null ? defaults.othersKept() : othersKept);
  }

  private static Optional<Path> absolute(@Nullable Path file) {
    return Optional.ofNullable(file).map(Path::toAbsolutePath);
  }

  /** The same again, for the command line of a server in the background. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    add(arguments, "--authentication-token-webhook-config-file", absolute(tokenFile));
    add(arguments, "--authentication-token-webhook-version", Optional.of(tokenVersion));
    add(
        arguments,
        "--authentication-token-webhook-cache-ttl",
        Optional.of(GoDuration.print(tokenKept)));
    add(arguments, "--authorization-config", absolute(authorization));
    if (!modes.isEmpty()) {
      add(arguments, "--authorization-mode", Optional.of(String.join(",", modes)));
    }
    add(arguments, "--authorization-webhook-config-file", absolute(accessFile));
    add(arguments, "--authorization-webhook-version", Optional.ofNullable(accessVersion));
    add(
        arguments,
        "--authorization-webhook-cache-authorized-ttl",
        Optional.ofNullable(allowedKept).map(GoDuration::print));
    add(
        arguments,
        "--authorization-webhook-cache-unauthorized-ttl",
        Optional.ofNullable(othersKept).map(GoDuration::print));
    return arguments;
  }

  private static void add(List<String> arguments, String name, Optional<?> value) {
    value.ifPresent(text -> arguments.addAll(List.of(name, text.toString())));
  }
}
