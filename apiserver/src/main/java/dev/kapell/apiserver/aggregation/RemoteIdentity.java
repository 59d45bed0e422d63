package dev.kapell.apiserver.aggregation;

import dev.kapell.apiserver.request.User;
import dev.kapell.http.Headers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A user in the headers by which one server tells another who asks. Pure. */
final class RemoteIdentity {
  static final String USER = "X-Remote-User";
  static final String UID = "X-Remote-Uid";
  static final String GROUP = "X-Remote-Group";
  static final String EXTRA = "X-Remote-Extra-";

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
      String name = EXTRA + escaped(extra.getKey());
      for (String value : extra.getValue()) {
        headers = headers.and(name, value);
      }
    }
    return headers;
  }

  private static String escaped(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
