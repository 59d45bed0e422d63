package dev.kapell.apiserver.podsecurity;

import dev.kapell.apiserver.tree.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What holds where a namespace says nothing, and whom it does not concern. As {@code
 * PodSecurityConfiguration} of {@code pod-security.admission.config.k8s.io/v1}.
 *
 * @param defaults of namespaces without labels
 * @param users whose requests are not looked at
 * @param runtimeClasses whose pods are not looked at
 * @param namespaces that are not looked at
 */
public record PodSecurityConfiguration(
    Policy defaults, Set<String> users, Set<String> runtimeClasses, Set<String> namespaces) {
  /** Everything allowed, nobody exempt: each namespace decides by its labels. */
  public static final PodSecurityConfiguration DEFAULT =
      new PodSecurityConfiguration(Policy.PRIVILEGED, Set.of(), Set.of(), Set.of());

  /**
   * Reads a {@code PodSecurityConfiguration}.
   *
   * @throws Settings.Invalid with what is wrong
   */
  public static PodSecurityConfiguration read(Settings settings) {
    settings.only("apiVersion", "kind", "defaults", "exemptions");
    if (!settings.text("kind").equals("PodSecurityConfiguration")
        || !settings.text("apiVersion").equals("pod-security.admission.config.k8s.io/v1")) {
      throw settings.invalid(
          "kind", "must be PodSecurityConfiguration of pod-security.admission.config.k8s.io/v1");
    }
    Settings defaults = settings.child("defaults");
    Map<String, String> labels = new LinkedHashMap<>();
    for (String field : defaults.fields()) {
      labels.put(Policy.PREFIX + field, defaults.text(field));
    }
    defaults.only("enforce", "enforce-version", "audit", "audit-version", "warn", "warn-version");
    Policy.Labelled read = Policy.of(labels, Policy.PRIVILEGED);
    if (!read.errors().isEmpty()) {
      throw settings.invalid("defaults", read.errors().getFirst().toString());
    }
    Settings exempt =
        settings.child("exemptions").only("usernames", "runtimeClasses", "namespaces");
    return new PodSecurityConfiguration(
        read.policy(),
        Set.copyOf(exempt.texts("usernames")),
        Set.copyOf(exempt.texts("runtimeClasses")),
        Set.copyOf(exempt.texts("namespaces")));
  }

  /** Copies the sets. */
  public PodSecurityConfiguration {
    users = Set.copyOf(users);
    runtimeClasses = Set.copyOf(runtimeClasses);
    namespaces = Set.copyOf(namespaces);
  }
}
