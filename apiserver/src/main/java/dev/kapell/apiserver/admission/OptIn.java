package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.tree.Settings;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The plugins that work only when asked for, as in kube-apiserver. */
public enum OptIn {
  /** No Service takes traffic for addresses that nobody gave it. */
  DENY_SERVICE_EXTERNAL_IPS("DenyServiceExternalIPs"),

  /** Who ties objects to owners needs rights on both. */
  OWNER_REFERENCE_RIGHTS("OwnerReferencesPermissionEnforcement");

  /** On whatever is asked for: the cluster counts on them. */
  private static final Set<String> ALWAYS =
      Set.of(
          "CertificateApproval",
          "CertificateSigning",
          "CertificateSubjectRestriction",
          "DefaultIngressClass",
          "DefaultStorageClass",
          "DefaultTolerationSeconds",
          "LimitRanger",
          "MutatingAdmissionPolicy",
          "MutatingAdmissionWebhook",
          "NamespaceLifecycle",
          "NodeRestriction",
          "PersistentVolumeClaimResize",
          "PodSecurity",
          "PodTopologyLabels",
          "Priority",
          "ResourceQuota",
          "RuntimeClass",
          "ServiceAccount",
          "StorageObjectInUseProtection",
          "TaintNodesByCondition",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionWebhook");

  private final String word;

  OptIn(String word) {
    this.word = word;
  }

  /** Its name. */
  String word() {
    return word;
  }

  /**
   * What plugins need.
   *
   * @param rights what somebody may
   * @param catalog what is served
   */
  public record Parts(Rights rights, Catalog catalog) {}

  Admission plugin(Parts parts) {
    return switch (this) {
      case DENY_SERVICE_EXTERNAL_IPS -> new DenyServiceExternalIps();
      case OWNER_REFERENCE_RIGHTS -> new OwnerReferenceRights(parts.rights(), parts.catalog());
    };
  }

  /**
   * Those that are asked for by name; a {@link Settings.Invalid} says what cannot be had.
   *
   * @param enabled names of kube-apiserver's plugins
   * @param disabled the same; what is always on cannot be among them
   */
  public static Set<OptIn> read(List<String> enabled, List<String> disabled) {
    Set<OptIn> asked = EnumSet.noneOf(OptIn.class);
    for (String name : enabled) {
      Optional<OptIn> found = find(name);
      if (found.isEmpty() && !ALWAYS.contains(name)) {
        throw new Settings.Invalid(
            "--enable-admission-plugins: there is no \"" + name + "\" here; " + known());
      }
      found.ifPresent(asked::add);
    }
    for (String name : disabled) {
      if (ALWAYS.contains(name)) {
        throw new Settings.Invalid(
            "--disable-admission-plugins: \"" + name + "\" is always on; " + known());
      }
      Optional<OptIn> found = find(name);
      if (found.isPresent() && asked.contains(found.get())) {
        throw new Settings.Invalid(
            "\"" + name + "\" is enabled and disabled: take it out of one of the two lists");
      }
    }
    return asked;
  }

  private static Optional<OptIn> find(String name) {
    return Arrays.stream(values()).filter(each -> each.word.equals(name)).findFirst();
  }

  private static String known() {
    return "those that can be chosen are "
        + String.join(", ", Arrays.stream(values()).map(each -> each.word).toList());
  }
}
