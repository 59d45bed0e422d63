package dev.kapell.app.command;

import dev.kapell.app.server.AccessSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who is let in and what they may: the names are those of kube-apiserver. */
final class AccessMixin {
  @Option(
      names = "--authentication-config",
      paramLabel = "FILE",
      description =
          "An AuthenticationConfiguration: issuers of JSON web tokens that are believed, and on"
              + " which paths anonymous requests are let in.")
  private @Nullable Path authentication;

  @Option(
      names = "--anonymous-auth",
      paramLabel = "BOOLEAN",
      arity = "1",
      defaultValue = "true",
      description =
          "Whether requests of nobody are let in; they may ask for the server's health and version"
              + " (default: ${DEFAULT-VALUE}).")
  private boolean anonymous = true;

  @Option(
      names = "--admission-control-config-file",
      paramLabel = "FILE",
      description =
          "An AdmissionConfiguration: defaults and exemptions of Pod Security (default: what each"
              + " namespace's labels say).")
  private @Nullable Path admission;

  @Option(
      names = "--requestheader-client-ca-file",
      paramLabel = "FILE",
      description =
          "Authorities of a proxy in front that says in headers who callers are; it must show a"
              + " client certificate of theirs (default: no proxy is believed).")
  private @Nullable Path proxyAuthorities;

  @Option(
      names = "--requestheader-allowed-names",
      paramLabel = "NAME",
      split = ",",
      description = "Common names of that proxy's certificate (default: any).")
  private List<String> proxyNames = new ArrayList<>();

  @Option(
      names = "--requestheader-username-headers",
      paramLabel = "HEADER",
      split = ",",
      defaultValue = "X-Remote-User",
      description = "Where it says the user (default: ${DEFAULT-VALUE}).")
  private List<String> userHeaders = new ArrayList<>();

  @Option(
      names = "--requestheader-uid-headers",
      paramLabel = "HEADER",
      split = ",",
      defaultValue = "X-Remote-Uid",
      description = "Where it says the user's uid (default: ${DEFAULT-VALUE}).")
  private List<String> uidHeaders = new ArrayList<>();

  @Option(
      names = "--requestheader-group-headers",
      paramLabel = "HEADER",
      split = ",",
      defaultValue = "X-Remote-Group",
      description = "Where it says groups (default: ${DEFAULT-VALUE}).")
  private List<String> groupHeaders = new ArrayList<>();

  @Option(
      names = "--requestheader-extra-headers-prefix",
      paramLabel = "PREFIX",
      split = ",",
      defaultValue = "X-Remote-Extra-",
      description = "How headers with other facts begin (default: ${DEFAULT-VALUE}).")
  private List<String> extraPrefixes = new ArrayList<>();

  @Option(
      names = "--enable-admission-plugins",
      paramLabel = "NAME",
      split = ",",
      description =
          "Plugins of admission besides those that are always on: DenyServiceExternalIPs,"
              + " OwnerReferencesPermissionEnforcement.")
  private List<String> plugins = new ArrayList<>();

  @Option(
      names = "--disable-admission-plugins",
      paramLabel = "NAME",
      split = ",",
      description = "Plugins that are not to work; those that are always on cannot be among them.")
  private List<String> withoutPlugins = new ArrayList<>();

  @Mixin private WebhookMixin webhooks = new WebhookMixin();

  AccessSettings settings() {
    return new AccessSettings(
        absolute(authentication),
        absolute(admission),
        anonymous,
        absolute(proxyAuthorities)
            .map(
                file ->
                    new AccessSettings.Proxy(
                        file, proxyNames, userHeaders, uidHeaders, groupHeaders, extraPrefixes)),
        webhooks.tokens(),
        webhooks.authorizers(),
        new AccessSettings.PluginNames(plugins, withoutPlugins));
  }

  private static Optional<Path> absolute(@Nullable Path file) {
    return Optional.ofNullable(file).map(Path::toAbsolutePath);
  }

  /** The same again, for the command line of a server in the background. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    add(arguments, "--authentication-config", absolute(authentication));
    add(arguments, "--anonymous-auth", Optional.of(anonymous));
    add(arguments, "--admission-control-config-file", absolute(admission));
    add(arguments, "--requestheader-client-ca-file", absolute(proxyAuthorities));
    add(arguments, "--requestheader-allowed-names", proxyNames);
    add(arguments, "--requestheader-username-headers", userHeaders);
    add(arguments, "--requestheader-uid-headers", uidHeaders);
    add(arguments, "--requestheader-group-headers", groupHeaders);
    add(arguments, "--requestheader-extra-headers-prefix", extraPrefixes);
    add(arguments, "--enable-admission-plugins", plugins);
    add(arguments, "--disable-admission-plugins", withoutPlugins);
    arguments.addAll(webhooks.arguments());
    return arguments;
  }

  private static void add(List<String> arguments, String name, Optional<?> value) {
    value.ifPresent(text -> arguments.addAll(List.of(name, text.toString())));
  }

  private static void add(List<String> arguments, String name, List<String> values) {
    if (!values.isEmpty()) {
      arguments.addAll(List.of(name, String.join(",", values)));
    }
  }
}
