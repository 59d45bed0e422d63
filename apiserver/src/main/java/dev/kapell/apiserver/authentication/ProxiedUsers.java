package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.request.User;
import dev.kapell.http.Headers;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Believes what a front proxy says of callers. Thread-safe. */
final class ProxiedUsers {
  private final FrontProxy settings;
  private final PeerTrust trust;

  ProxiedUsers(FrontProxy settings) {
    this.settings = settings;
    this.trust = new PeerTrust(settings.caPem());
  }

  /** Of whom {@code headers} tell; empty when the sender is no front proxy, or says no name. */
  Optional<User> user(List<X509Certificate> sender, Headers headers, Instant now) {
    if (!trust.signed(sender, now) || !isNamed(sender.getFirst())) {
      return Optional.empty();
    }
    return first(headers, settings.userHeaders())
        .map(
            name ->
                new User(
                        name,
                        first(headers, settings.uidHeaders()).orElse(""),
                        groups(headers),
                        extra(headers))
                    .standing());
  }

  private boolean isNamed(X509Certificate certificate) {
    return settings.names().isEmpty()
        || settings.names().contains(CertificateUsers.commonName(certificate));
  }

  private static Optional<String> first(Headers headers, List<String> names) {
    return names.stream()
        .flatMap(name -> headers.first(name).stream())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private List<String> groups(Headers headers) {
    List<String> groups = new ArrayList<>();
    for (String name : settings.groupHeaders()) {
      headers.all(name).stream().filter(value -> !value.isEmpty()).forEach(groups::add);
    }
    return groups;
  }

  private Map<String, List<String>> extra(Headers headers) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (String prefix : settings.extraPrefixes()) {
      String start = prefix.toLowerCase(Locale.ROOT);
      for (Headers.Line line : headers.lines()) {
        String name = line.name().toLowerCase(Locale.ROOT);
        if (name.startsWith(start)) {
          String key = ExtraKeys.decoded(name.substring(start.length()));
          extra.computeIfAbsent(key, _ -> new ArrayList<>()).add(line.value());
        }
      }
    }
    return extra;
  }
}
