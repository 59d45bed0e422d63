package dev.kapell.apiserver.validation;

import java.util.Map;

/** How names of a kind look. Pure. */
public final class NameFormats {
  /** Kinds whose names are not DNS subdomains. */
  private static final Map<String, Format> OTHERS =
      Map.ofEntries(
          Map.entry("namespaces", Format.LABEL),
          Map.entry("services", Format.SERVICE_NAME),
          Map.entry("apiservices.apiregistration.k8s.io", Format.PATH_SEGMENT),
          Map.entry("clustertrustbundles.certificates.k8s.io", Format.PATH_SEGMENT),
          Map.entry("roles.rbac.authorization.k8s.io", Format.PATH_SEGMENT),
          Map.entry("rolebindings.rbac.authorization.k8s.io", Format.PATH_SEGMENT),
          Map.entry("clusterroles.rbac.authorization.k8s.io", Format.PATH_SEGMENT),
          Map.entry("clusterrolebindings.rbac.authorization.k8s.io", Format.PATH_SEGMENT));

  private NameFormats() {}

  /** By the kind's qualified resource name, for instance {@code deployments.apps}. */
  public static Format of(String qualifiedResource) {
    return OTHERS.getOrDefault(qualifiedResource, Format.SUBDOMAIN);
  }
}
