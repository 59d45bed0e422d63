package dev.kapell.apiserver.remote;

import dev.kapell.http.Headers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The headers by which a caller shows who it is. They are for this server only: none of them goes
 * on to another one. Immutable.
 */
public final class CallerHeaders {
  /** Credentials, impersonation, and what a front proxy says by default. */
  public static final CallerHeaders STANDARD = new CallerHeaders(List.of(), List.of());

  private static final String BEARER = "base64url.bearer.authorization.k8s.io.";
  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";

  private final Set<String> names;
  private final List<String> prefixes;

  private CallerHeaders(Collection<String> names, Collection<String> prefixes) {
    List<String> allNames = new ArrayList<>(List.of("authorization"));
    names.forEach(name -> allNames.add(name.toLowerCase(Locale.ROOT)));
    List<String> allPrefixes = new ArrayList<>(List.of("impersonate-", "x-remote-"));
    prefixes.forEach(prefix -> allPrefixes.add(prefix.toLowerCase(Locale.ROOT)));
    this.names = Set.copyOf(allNames);
    this.prefixes = List.copyOf(allPrefixes);
  }

  /** The standard ones and these. */
  public static CallerHeaders and(Collection<String> names, Collection<String> prefixes) {
    return new CallerHeaders(names, prefixes);
  }

  /**
   * What to send instead of what was {@code sent}: an empty value takes a header out. Of the
   * subprotocols of a WebSocket only those stay that are no token.
   */
  public Headers replacing(Headers sent) {
    Headers headers = Headers.NONE;
    for (Headers.Line line : sent.lines()) {
      if (tells(line.name().toLowerCase(Locale.ROOT))) {
        headers = headers.and(line.name(), "");
      }
    }
    return sent.first(PROTOCOLS).isPresent()
        ? headers.and(PROTOCOLS, withoutTokens(sent))
        : headers;
  }

  private boolean tells(String name) {
    return names.contains(name) || prefixes.stream().anyMatch(name::startsWith);
  }

  private static String withoutTokens(Headers sent) {
    return String.join(
        ", ",
        sent.all(PROTOCOLS).stream()
            .flatMap(line -> List.of(line.split(",", -1)).stream())
            .map(String::strip)
            .filter(protocol -> !protocol.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .toList());
  }
}
