package dev.kapell.apiserver.proxy;

import dev.kapell.http.Headers;
import dev.kapell.http.Rewriting;
import java.nio.charset.StandardCharsets;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes what a proxied server answers lead back through the proxy: a {@code Location}, and the
 * links of an HTML page, that begin with {@code /} get the proxy's path in front.
 *
 * @param root the path of the proxy, without a slash at its end
 * @param authority the proxied server; a {@code Location} that names it stays with the proxy
 */
record ProxiedPages(String root, String authority) implements Rewriting {
  private static final Pattern TAG = Pattern.compile("<[a-zA-Z][^>]*>");
  private static final Pattern LINK =
      Pattern.compile(
          "(?i)(\\s(?:action|background|cite|codebase|data|formaction|href|icon|longdesc|manifest"
              + "|poster|profile|src|usemap)\\s*=\\s*[\"'])/(?!/)");

  @Override
  public Headers headers(Headers answer) {
    return answer
        .first("Location")
        .map(to -> answer.without("Location").and("Location", moved(to)))
        .orElse(answer);
  }

  private String moved(String location) {
    for (String scheme : new String[] {"http://", "https://"}) {
      String own = scheme + authority;
      if (location.equals(own) || location.startsWith(own + "/")) {
        return root + location.substring(own.length());
      }
    }
    return location.startsWith("/") && !location.startsWith("//") ? root + location : location;
  }

  @Override
  public boolean takesBody(Headers answer) {
    return answer.first("Content-Type").orElse("").startsWith("text/html")
        && answer.first("Content-Encoding").isEmpty();
  }

  @Override
  public byte[] body(byte[] whole) {
    // Every byte a character: whatever the page's encoding, ASCII stays and the rest survives.
    String page = new String(whole, StandardCharsets.ISO_8859_1);
    return TAG.matcher(page).replaceAll(this::tag).getBytes(StandardCharsets.ISO_8859_1);
  }

  private String tag(MatchResult tag) {
    String linked =
        LINK.matcher(tag.group()).replaceAll("$1" + Matcher.quoteReplacement(root + "/"));
    return Matcher.quoteReplacement(linked);
  }
}
