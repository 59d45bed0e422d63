package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ApiFailure;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Who a client certificate names. Pure. */
final class CertificateUsers {
  private CertificateUsers() {}

  /** The user: CN, and O for each group. Throws 401 when it names nobody. */
  static User user(X509Certificate certificate) {
    String name = commonName(certificate);
    if (name.isEmpty()) {
      throw Failures.unauthorized();
    }
    return new User(name, "", values(certificate, "O"), Map.of()).standing();
  }

  /** Empty when there is none. */
  static String commonName(X509Certificate certificate) {
    List<String> names = values(certificate, "CN");
    return names.isEmpty() ? "" : names.getLast();
  }

  private static List<String> values(X509Certificate certificate, String type) {
    List<String> values = new ArrayList<>();
    try {
      String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
      for (Rdn rdn : new LdapName(subject).getRdns()) {
        if (rdn.getType().equalsIgnoreCase(type)) {
          values.add(String.valueOf(rdn.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      ApiFailure failure = Failures.unauthorized();
      failure.addSuppressed(e);
      throw failure;
    }
    return values;
  }
}
