package dev.kapell.apiserver.authentication;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which authorities a client's certificate comes from, where a connection lets in those of
 * more than one. Thread-safe; what was verified is kept for a bounded number of certificates.
 */
final class PeerTrust {
  private static final int CACHED = 1000;

  private final Set<X509Certificate> authorities = new HashSet<>();
  private final Map<X509Certificate, Boolean> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<X509Certificate, Boolean> eldest) {
          return size() > CACHED;
        }
      };

  /** Believes the authorities in {@code pem}; throws {@link IllegalArgumentException} for none. */
  PeerTrust(String pem) {
    try {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
        authorities.add((X509Certificate) certificate);
      }
    } catch (CertificateException | ClassCastException e) {
      throw new IllegalArgumentException("it holds no certificates in PEM: " + e.getMessage(), e);
    }
    if (authorities.isEmpty()) {
      throw new IllegalArgumentException("it holds no certificate in PEM");
    }
  }

  /** Whether one of the authorities is also believed by {@code other}. */
  boolean overlaps(PeerTrust other) {
    return authorities.stream().anyMatch(other.authorities::contains);
  }

  /** Whether one of the authorities signed {@code chain} and all of it is good at {@code now}. */
  boolean signed(List<X509Certificate> chain, Instant now) {
    X509Certificate first = chain.getFirst();
    if (now.isBefore(first.getNotBefore().toInstant())
        || now.isAfter(first.getNotAfter().toInstant())) {
      return false;
    }
    synchronized (known) {
      Boolean before = known.get(first);
      if (before != null) {
        return before;
      }
    }
    boolean good = leadsToAuthority(chain, now);
    synchronized (known) {
      known.put(first, good);
    }
    return good;
  }

  private boolean leadsToAuthority(List<X509Certificate> chain, Instant now) {
    try {
      Set<TrustAnchor> anchors = new HashSet<>();
      authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      List<X509Certificate> path = new ArrayList<>();
      for (X509Certificate certificate : chain) {
        if (authorities.contains(certificate)) {
          break;
        }
        path.add(certificate);
      }
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(path), parameters);
      return !path.isEmpty();
    } catch (CertPathValidatorException notSigned) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("certificates cannot be verified", e);
    }
  }
}
