package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.request.User;
import dev.kapell.http.Headers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A user in the headers by which one server tells another who asks. Pure. */
final class RemoteIdentity {
  static final String USER = "X-Remote-User";
  static final String UID = "X-Remote-Uid";
  static final String GROUP = "X-Remote-Group";
  static final String EXTRA = "X-Remote-Extra-";

  private static final String BEARER = "base64url.bearer.authorization.k8s.io.";

  private RemoteIdentity() {}

  static Headers of(User user) {
    Headers headers = Headers.of(USER, user.name());
    if (!user.uid().isEmpty()) {
      headers = headers.and(UID, user.uid());
    }
    for (String group : user.groups()) {
      headers = headers.and(GROUP, group);
    }
    for (Map.Entry<String, List<String>> extra : user.extra().entrySet()) {
      String name = EXTRA + URLEncoder.encode(extra.getKey(), StandardCharsets.UTF_8);
      for (String value : extra.getValue()) {
        headers = headers.and(name, value);
      }
    }
    return headers;
  }

  /**
   * What takes the place of whatever a caller sent to show who it is: its credentials are for this
   * server only, and who it is, is for this server to say. An empty value takes a header out.
   */
  static Headers replacing(Headers sent, User user) {
    Headers headers = Headers.NONE;
    for (Headers.Line line : sent.lines()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (name.equals("authorization")
          || name.startsWith("x-remote-")
          || name.startsWith("impersonate-")) {
        headers = headers.and(line.name(), "");
      }
    }
    if (sent.first("Sec-WebSocket-Protocol").isPresent()) {
      headers = headers.and("Sec-WebSocket-Protocol", withoutBearer(sent));
    }
    return headers.and(of(user));
  }

  private static String withoutBearer(Headers sent) {
    return String.join(
        ", ",
        sent.all("Sec-WebSocket-Protocol").stream()
            .flatMap(line -> List.of(line.split(",", -1)).stream())
            .map(String::strip)
            .filter(protocol -> !protocol.startsWith(BEARER))
            .toList());
  }
}
