package dev.kapell.app.server;

import dev.kapell.apiserver.access.Access;
import dev.kapell.apiserver.access.AuthorizerFile;
import dev.kapell.apiserver.admission.OptIn;
import dev.kapell.apiserver.authentication.FrontProxy;
import dev.kapell.apiserver.delegation.AccessWebhook;
import dev.kapell.apiserver.delegation.TokenWebhook;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.app.terminal.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is let in.
 *
 * @param authentication an {@code AuthenticationConfiguration}; absent: no other issuers
 * @param admission an {@code AdmissionConfiguration}; absent: the defaults
 * @param anonymous whether requests of nobody are let in, where the first file does not say
 * @param proxy who is believed when it says who callers are
 * @param tokens who knows further tokens
 * @param authorizers who decides what somebody may
 * @param plugins which plugins of admission work
 */
public record AccessSettings(
    Optional<Path> authentication,
    Optional<Path> admission,
    boolean anonymous,
    Optional<Proxy> proxy,
    Optional<TokenServer> tokens,
    Authorizers authorizers,
    PluginNames plugins) {
  /**
   * A proxy that says who callers are.
   *
   * @param authorities in PEM
   */
  public record Proxy(
      Path authorities,
      List<String> names,
      List<String> userHeaders,
      List<String> uidHeaders,
      List<String> groupHeaders,
      List<String> extraPrefixes) {
    private FrontProxy read() throws IOException {
      return new FrontProxy(
          Files.readString(authorities),
          names,
          userHeaders,
          uidHeaders,
          groupHeaders,
          extraPrefixes);
    }
  }

  /**
   * A server that knows tokens.
   *
   * @param file its kubeconfig
   * @param version of the review
   * @param kept how long answers count
   */
  public record TokenServer(Path file, String version, Duration kept) {
    private TokenWebhook read() throws IOException {
      return TokenWebhook.read(file, version, kept);
    }
  }

  /**
   * Who decides what somebody may.
   *
   * @param config an {@code AuthorizationConfiguration}; absent: the rest counts
   * @param modes in the order in which they are asked
   * @param webhook the kubeconfig of a server that decides
   * @param version of the review that it gets
   * @param allowedKept how long a yes counts
   * @param othersKept how long any other answer counts
   */
  public record Authorizers(
      Optional<Path> config,
      List<String> modes,
      Optional<Path> webhook,
      String version,
      Duration allowedKept,
      Duration othersKept) {
    private static final List<String> MODES = List.of("Node", "RBAC");

    /** Those of Kubernetes. */
    public static Authorizers defaults() {
      return new Authorizers(
          Optional.empty(),
          MODES,
          Optional.empty(),
          "v1beta1",
          Duration.ofMinutes(5),
          Duration.ofSeconds(30));
    }

    private Access in(Access access) throws IOException {
      if (config.isPresent()) {
        return access.withAuthorizers(AuthorizerFile.read(config.get()));
      }
      if (webhook.isEmpty() && modes.equals(MODES)) {
        return access;
      }
      List<AccessWebhook> webhooks = new ArrayList<>();
      if (webhook.isPresent()) {
        webhooks.add(AccessWebhook.ofFlags(webhook.get(), version, allowedKept, othersKept));
      }
      return access.withAuthorizers(AuthorizerFile.ofModes(modes, webhooks));
    }
  }

  /** Plugins of admission, by kube-apiserver's names. */
  public record PluginNames(List<String> enabled, List<String> disabled) {
    private Set<OptIn> read() {
      return OptIn.read(enabled, disabled);
    }
  }

  /** No files. */
  public static AccessSettings defaults() {
    return new AccessSettings(
        Optional.empty(),
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        Authorizers.defaults(),
        new PluginNames(List.of(), List.of()));
  }

  /** As the API server wants it; throws {@link UserError} for what is wrong with a file. */
  Access read() throws IOException {
    try {
      Access access = Access.DEFAULT;
      if (!anonymous) {
        access = access.withoutAnonymous();
      }
      if (authentication.isPresent()) {
        access = access.withAuthentication(authentication.get());
      }
      if (admission.isPresent()) {
        access = access.withAdmission(admission.get());
      }
      if (proxy.isPresent()) {
        access = access.withFrontProxy(proxy.get().read());
      }
      if (tokens.isPresent()) {
        access = access.withTokenWebhook(tokens.get().read());
      }
      return authorizers.in(access).withPlugins(plugins.read());
    } catch (Settings.Invalid e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }
}
