package dev.kapell.cel.value;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An absolute URL, or an absolute path.
 *
 * @param uri its parts
 */
public record Url(URI uri) {
  /** The URL that {@code text} says, if it says one. */
  public static Optional<Url> parse(String text) {
    try {
      URI uri = new URI(text);
      boolean rooted = uri.getScheme() == null && text.startsWith("/");
      return rooted || uri.isAbsolute() ? Optional.of(new Url(uri)) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Empty for a path. */
  public String scheme() {
    return text(uri.getScheme());
  }

  /** With the port, an IPv6 address in brackets. */
  public String host() {
    String authority = text(uri.getRawAuthority());
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  /** Without port and brackets. */
  public String hostname() {
    String host = host();
    if (host.startsWith("[")) {
      return host.substring(1, Math.max(1, host.indexOf(']')));
    }
    int colon = host.lastIndexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  /** Empty when there is none. */
  public String port() {
    String host = host();
    int colon = host.lastIndexOf(':');
    return colon < 0 || host.endsWith("]") ? "" : host.substring(colon + 1);
  }

  /** As written. */
  public String escapedPath() {
    return text(uri.getRawPath());
  }

  /** The parameters by name, each with its values in order. */
  public Map<String, List<String>> query() {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : text(uri.getRawQuery()).split("&", -1)) {
      if (!pair.isEmpty() && !pair.contains(";")) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        query.computeIfAbsent(decode(name), n -> new ArrayList<>()).add(decode(value));
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String text(@org.jspecify.annotations.Nullable String part) {
    return part == null ? "" : part;
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
