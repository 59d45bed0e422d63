package dev.kapell.node.serve;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Who may use the node's API: the API server and administrators, not every holder of a certificate
 * (other nodes are some).
 */
final class Callers {
  private static final Set<String> NAMES =
      Set.of("kube-apiserver-kubelet-client", "kube-apiserver", "kapell-apiserver");
  private static final Set<String> GROUPS = Set.of("system:masters", "system:monitoring");

  private Callers() {}

  static boolean allowed(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      return false;
    }
    try {
      LdapName subject = new LdapName(chain.getFirst().getSubjectX500Principal().getName());
      return subject.getRdns().stream().anyMatch(Callers::allowed);
    } catch (InvalidNameException e) {
      return false; // a name that nobody can read is nobody's
    }
  }

  private static boolean allowed(Rdn part) {
    String value = String.valueOf(part.getValue());
    return switch (part.getType()) {
      case "CN" -> NAMES.contains(value);
      case "O" -> GROUPS.contains(value);
      default -> false;
    };
  }
}
