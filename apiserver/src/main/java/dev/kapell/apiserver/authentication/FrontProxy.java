package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.remote.CallerHeaders;
import dev.kapell.apiserver.tree.Settings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A proxy that finds out who callers are and says so in headers. It is believed only when its
 * client certificate comes from an authority of its own.
 *
 * <p>Follows "Authenticating Proxy" of the reference, and the flags {@code --requestheader-*} of
 * kube-apiserver.
 *
 * @param caPem the authorities that sign the certificate of the proxy
 * @param names its certificate's common names; empty: any
 * @param userHeaders where the caller's name is; the first that is there counts
 * @param uidHeaders where the caller's uid is; the first that is there counts
 * @param groupHeaders where groups are; all count
 * @param extraPrefixes how the names of headers with other facts begin
 */
public record FrontProxy(
    String caPem,
    List<String> names,
    List<String> userHeaders,
    List<String> uidHeaders,
    List<String> groupHeaders,
    List<String> extraPrefixes) {

  /**
   * Copies the lists.
   *
   * @throws Settings.Invalid with what is wrong, in the words of the flags
   */
  public FrontProxy {
    names = List.copyOf(requireTexts("--requestheader-allowed-names", names));
    userHeaders = List.copyOf(requireTexts("--requestheader-username-headers", userHeaders));
    uidHeaders = List.copyOf(requireTexts("--requestheader-uid-headers", uidHeaders));
    groupHeaders = List.copyOf(requireTexts("--requestheader-group-headers", groupHeaders));
    extraPrefixes =
        List.copyOf(requireTexts("--requestheader-extra-headers-prefix", extraPrefixes));
    if (userHeaders.isEmpty()) {
      throw new Settings.Invalid(
          "--requestheader-username-headers: at least one header must name the user");
    }
    try {
      new PeerTrust(caPem);
    } catch (IllegalArgumentException e) {
      throw new Settings.Invalid("--requestheader-client-ca-file: " + e.getMessage());
    }
  }

  private static Set<String> requireTexts(String flag, List<String> values) {
    if (values.stream().anyMatch(String::isBlank)) {
      throw new Settings.Invalid("empty value in \"" + flag.substring(2) + "\"");
    }
    return new LinkedHashSet<>(values);
  }

  /** The headers that only it may send. */
  public CallerHeaders headers() {
    List<String> all = new ArrayList<>(userHeaders);
    all.addAll(uidHeaders);
    all.addAll(groupHeaders);
    return CallerHeaders.and(all, extraPrefixes);
  }

  /**
   * Refuses to be believed by certificates that anybody with rights of their own has.
   *
   * @param clientCaPem who signs the certificates of clients
   */
  public void requireApartFrom(String clientCaPem) {
    if (names.isEmpty() && new PeerTrust(caPem).overlaps(new PeerTrust(clientCaPem))) {
      throw new Settings.Invalid(
          "--requestheader-client-ca-file holds the authority that signs the certificates of"
              + " clients: every client could say that it is somebody else; name the proxy's"
              + " certificate in --requestheader-allowed-names");
    }
  }
}
