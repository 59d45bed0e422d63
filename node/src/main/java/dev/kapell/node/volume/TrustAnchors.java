package dev.kapell.node.volume;

import dev.kapell.api.certificates.v1beta1.ClusterTrustBundle;
import dev.kapell.api.core.v1.ClusterTrustBundleProjection;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.control.match.Selectors;
import dev.kapell.node.config.ConfigFailure;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The certificates of one bundle by its name, or of all of a signer, each once and in an order that
 * says nothing. The server has seen to it that there is nothing else in them. Pure.
 */
final class TrustAnchors {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

  private TrustAnchors() {}

  /** The text of the file; empty when there is no bundle and none is needed. */
  static String of(ClusterTrustBundleProjection wanted, List<ClusterTrustBundle> bundles) {
    TreeSet<String> anchors = new TreeSet<>();
    for (ClusterTrustBundle bundle : bundles) {
      if (isMeant(wanted, bundle)) {
        Matcher certificate = CERTIFICATE.matcher(bundle.spec().trustBundleOr(""));
        while (certificate.find()) {
          anchors.add(certificate.group().replace("\r", ""));
        }
      }
    }
    if (anchors.isEmpty() && !wanted.optionalOr(false)) {
      throw new ConfigFailure(missing(wanted));
    }
    StringBuilder text = new StringBuilder();
    anchors.forEach(anchor -> text.append(anchor).append('\n'));
    return text.toString();
  }

  private static boolean isMeant(ClusterTrustBundleProjection wanted, ClusterTrustBundle bundle) {
    if (wanted.name() != null) {
      return bundle.metadata().nameOr("").equals(wanted.name());
    }
    LabelSelector labels = wanted.labelSelector();
    // A selector that is not there matches nothing, an empty one everything.
    return bundle.spec().signerNameOr("").equals(wanted.signerNameOr(""))
        && labels != null
        && Selectors.matches(labels, bundle.metadata().labels());
  }

  private static String missing(ClusterTrustBundleProjection wanted) {
    return wanted.name() != null
        ? "clustertrustbundle \"" + wanted.name() + "\" not found"
        : "combination of signerName and labelSelector matched zero ClusterTrustBundles";
  }
}
