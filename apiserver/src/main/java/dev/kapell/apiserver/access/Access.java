package dev.kapell.apiserver.access;

import dev.kapell.apiserver.admission.OptIn;
import dev.kapell.apiserver.authentication.FrontProxy;
import dev.kapell.apiserver.delegation.TokenWebhook;
import dev.kapell.apiserver.jwt.IssuerSettings;
import dev.kapell.apiserver.podsecurity.PodSecurityConfiguration;
import dev.kapell.apiserver.tree.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is believed and what is asked of pods.
 *
 * @param issuers whose tokens are believed besides the cluster's own
 * @param anonymous what is done with requests of nobody
 * @param podSecurity what holds in namespaces without labels
 * @param frontProxy who is believed when it says who callers are
 * @param tokenWebhook who knows further tokens
 * @param authorizers who decides what somebody may, in the order in which they are asked
 * @param plugins of admission, besides those that are always on
 */
public record Access(
    List<IssuerSettings> issuers,
    Anonymous anonymous,
    PodSecurityConfiguration podSecurity,
    Optional<FrontProxy> frontProxy,
    Optional<TokenWebhook> tokenWebhook,
    List<AuthorizerChoice> authorizers,
    Set<OptIn> plugins) {
  private static final Set<String> AUTHENTICATION =
      Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1");
  private static final Set<String> ADMISSION = Set.of("apiserver.config.k8s.io/v1");

  /** No other issuers, and Kubernetes' defaults. */
  public static final Access DEFAULT =
      new Access(
          List.of(),
          Anonymous.DEFAULT,
          PodSecurityConfiguration.DEFAULT,
          Optional.empty(),
          Optional.empty(),
          AuthorizerChoice.DEFAULT,
          Set.of());

  /** Copies the lists. */
  public Access {
    issuers = List.copyOf(issuers);
    authorizers = List.copyOf(authorizers);
    plugins = Set.copyOf(plugins);
  }

  /** The same without requests of nobody. */
  public Access withoutAnonymous() {
    return new Access(
        issuers,
        new Anonymous(false, Set.of()),
        podSecurity,
        frontProxy,
        tokenWebhook,
        authorizers,
        plugins);
  }

  /** The same, believing {@code other}. */
  public Access withFrontProxy(FrontProxy other) {
    return new Access(
        issuers, anonymous, podSecurity, Optional.of(other), tokenWebhook, authorizers, plugins);
  }

  /** The same, asking {@code other} about tokens that nobody here knows. */
  public Access withTokenWebhook(TokenWebhook other) {
    return new Access(
        issuers, anonymous, podSecurity, frontProxy, Optional.of(other), authorizers, plugins);
  }

  /** The same, with {@code others} besides what is always on. */
  public Access withPlugins(Set<OptIn> others) {
    return new Access(
        issuers, anonymous, podSecurity, frontProxy, tokenWebhook, authorizers, others);
  }

  /** The same, asking {@code others} what somebody may. */
  public Access withAuthorizers(List<AuthorizerChoice> others) {
    return new Access(issuers, anonymous, podSecurity, frontProxy, tokenWebhook, others, plugins);
  }

  /**
   * The same with the {@code AuthenticationConfiguration} in {@code file}.
   *
   * @throws Settings.Invalid with what is wrong with it
   */
  public Access withAuthentication(Path file) throws IOException {
    return withAuthentication(Settings.read(file, "AuthenticationConfiguration", AUTHENTICATION));
  }

  /** The same with the {@code AuthenticationConfiguration} in {@code yaml}. */
  public Access withAuthentication(String yaml) {
    return withAuthentication(
        Settings.parse(
            "authentication configuration", yaml, "AuthenticationConfiguration", AUTHENTICATION));
  }

  private Access withAuthentication(Settings settings) {
    settings.only("apiVersion", "kind", "jwt", "anonymous");
    List<IssuerSettings> all = new ArrayList<>();
    Set<String> urls = new HashSet<>();
    for (Settings entry : settings.list("jwt")) {
      IssuerSettings issuer = IssuerSettings.read(entry);
      if (!urls.add(issuer.url())) {
        throw entry.invalid("issuer.url", "is there twice: " + issuer.url());
      }
      all.add(issuer);
    }
    return new Access(
        all, anonymous(settings), podSecurity, frontProxy, tokenWebhook, authorizers, plugins);
  }

  private Anonymous anonymous(Settings settings) {
    if (!settings.has("anonymous")) {
      return anonymous;
    }
    Settings said = settings.child("anonymous").only("enabled", "conditions");
    Set<String> paths = new HashSet<>();
    for (Settings condition : said.list("conditions")) {
      String path = condition.only("path").text("path");
      if (!path.startsWith("/")) {
        throw condition.invalid("path", "must begin with /");
      }
      paths.add(path);
    }
    boolean enabled = said.flag("enabled", false);
    if (!enabled && !paths.isEmpty()) {
      throw said.invalid("conditions", "must be empty when anonymous requests are not enabled");
    }
    return new Anonymous(enabled, paths);
  }

  /**
   * The same with the {@code AdmissionConfiguration} in {@code file}, of which only {@code
   * PodSecurity} is configurable.
   *
   * @throws Settings.Invalid with what is wrong with it
   */
  public Access withAdmission(Path file) throws IOException {
    Settings settings = Settings.read(file, "AdmissionConfiguration", ADMISSION);
    settings.only("apiVersion", "kind", "plugins");
    PodSecurityConfiguration configured = podSecurity;
    for (Settings plugin : settings.list("plugins")) {
      plugin.only("name", "configuration");
      if (!plugin.text("name").equals("PodSecurity")) {
        throw plugin.invalid("name", "has no configuration in this server; PodSecurity has");
      }
      configured = PodSecurityConfiguration.read(plugin.child("configuration"));
    }
    return new Access(
        issuers, anonymous, configured, frontProxy, tokenWebhook, authorizers, plugins);
  }
}
