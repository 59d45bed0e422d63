package dev.kapell.apiserver.pki;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/**
 * A request for a certificate (PKCS #10): who somebody wants to be.
 *
 * @param name the common name
 * @param organizations the groups
 * @param dnsNames alternative names
 * @param addresses alternative IP addresses
 * @param others how many alternative names of other kinds it has
 */
public record CertificateRequest(
    String name,
    List<String> organizations,
    List<String> dnsNames,
    List<String> addresses,
    int others) {
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\\s]+)"
              + "-----END (?:NEW )?CERTIFICATE REQUEST-----\\s*");

  /** Copies the lists. */
  public CertificateRequest {
    organizations = List.copyOf(organizations);
    dnsNames = List.copyOf(dnsNames);
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException with what is wrong; also when it is not signed by its own key
   */
  public static CertificateRequest parse(String pem) {
    PKCS10CertificationRequest request = der(pem);
    List<String> dns = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    int others = 0;
    for (GeneralName alternative : alternatives(request)) {
      switch (alternative.getTagNo()) {
        case GeneralName.dNSName -> dns.add(alternative.getName().toString());
        case GeneralName.iPAddress -> addresses.add(alternative.getName().toString());
        default -> others++;
      }
    }
    List<String> names = values(request.getSubject(), BCStyle.CN);
    return new CertificateRequest(
        names.isEmpty() ? "" : names.getFirst(),
        values(request.getSubject(), BCStyle.O),
        dns,
        addresses,
        others);
  }

  static PKCS10CertificationRequest der(String pem) {
    Matcher text = PEM.matcher(pem);
    if (!text.matches()) {
      throw new IllegalArgumentException("PEM block type must be CERTIFICATE REQUEST");
    }
    try {
      PKCS10CertificationRequest request =
          new PKCS10CertificationRequest(Base64.getMimeDecoder().decode(text.group(1)));
      boolean own =
          request.isSignatureValid(
              new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo()));
      if (!own) {
        throw new IllegalArgumentException("the request is not signed by its own key");
      }
      return request;
    } catch (IOException | OperatorCreationException | PKCSException e) {
      throw new IllegalArgumentException("malformed certificate request: " + e.getMessage(), e);
    }
  }

  static List<GeneralName> alternatives(PKCS10CertificationRequest request) {
    Extensions extensions = request.getRequestedExtensions();
    if (extensions == null) {
      return List.of();
    }
    GeneralNames names = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
    return names == null ? List.of() : List.of(names.getNames());
  }

  private static List<String> values(
      X500Name subject, org.bouncycastle.asn1.ASN1ObjectIdentifier kind) {
    List<String> values = new ArrayList<>();
    for (RDN rdn : subject.getRDNs(kind)) {
      values.add(IETFUtils.valueToString(rdn.getFirst().getValue()));
    }
    return values;
  }
}
