package dev.kapell.apiserver.podsecurity;

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

  /** Copies the sets. */
  public PodSecurityConfiguration {
    users = Set.copyOf(users);
    runtimeClasses = Set.copyOf(runtimeClasses);
    namespaces = Set.copyOf(namespaces);
  }
}
