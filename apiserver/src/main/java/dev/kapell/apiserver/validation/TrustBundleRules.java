package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.tree.Obj;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Trust bundles: named after their signer, and certificates of authorities and nothing else. */
final class TrustBundleRules {
  private static final int MOST_CHARACTERS = 1024 * 1024;

  /** A block with its label, its headers and its body, or anything else in between. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]+)-----\\r?\\n((?:[^\\r\\n:]+:[^\\r\\n]*\\r?\\n)*)([^-]*)"
              + "-----END \\1-----");

  private TrustBundleRules() {}

  static void addTo(Map<String, Rules> rows) {
    Rules rules = TrustBundleRules::check;
    rows.put("clustertrustbundles.certificates.k8s.io", rules);
  }

  private static void check(Obj bundle, Errors errors) {
    Obj spec = bundle.child("spec");
    String name = bundle.child("metadata").text("name");
    String signer = spec.text("signerName");
    if (signer.isEmpty()) {
      if (name.contains(":")) {
        errors.invalid(
            "metadata.name",
            name,
            "ClusterTrustBundle without signer name must not have \":\" in its name");
      }
    } else if (!name.startsWith(signer.replace("/", ":") + ":")) {
      errors.invalid(
          "metadata.name",
          name,
          "ClusterTrustBundle for signerName "
              + signer
              + " must be named with prefix "
              + signer.replace("/", ":")
              + ":");
    }
    String text = spec.text("trustBundle");
    if (text.length() > MOST_CHARACTERS) {
      errors.invalid(spec.at("trustBundle"), "<value omitted>", "must be at most 1048576 bytes");
    } else if (!text.isEmpty()) {
      String problem = problem(text);
      if (!problem.isEmpty()) {
        errors.invalid(spec.at("trustBundle"), "<value omitted>", problem);
      }
    }
  }

  private static String problem(String text) {
    List<byte[]> seen = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    int end = 0;
    while (block.find()) {
      int index = seen.size();
      if (!text.substring(end, block.start()).isBlank()) {
        return "found intra-block data in PEM";
      }
      end = block.end();
      if (!block.group(1).equals("CERTIFICATE")) {
        return "entry " + index + " has bad block type: " + block.group(1);
      }
      if (!block.group(2).isEmpty()) {
        return "entry " + index + " has PEM block headers";
      }
      byte[] der;
      try {
        der = Base64.getMimeDecoder().decode(block.group(3));
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
      } catch (CertificateException | IllegalArgumentException e) {
        return "entry " + index + " does not parse as X.509: " + e.getMessage();
      }
      for (int other = 0; other < index; other++) {
        if (java.util.Arrays.equals(seen.get(other), der)) {
          return "duplicate trust anchor (indices " + other + " and " + index + ")";
        }
      }
      seen.add(der);
    }
    if (!text.substring(end).isBlank()) {
      return seen.isEmpty() ? "is no PEM" : "trailing data found after PEM blocks";
    }
    return seen.isEmpty() ? "at least one trust anchor must be provided" : "";
  }
}
