package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.User;
import dev.kapell.http.Headers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request that is to be handled as somebody else's ({@code kubectl --as}).
 *
 * @param user the other one, with the groups that come with the name
 * @param askedGroups the groups that were named
 */
public record Impersonation(User user, List<String> askedGroups) {
  private static final String EXTRA = "impersonate-extra-";
  private static final String ACCOUNT = "system:serviceaccount:";

  /** What the headers ask for; 400 when groups come without a user. */
  public static Optional<Impersonation> of(Headers headers) {
    Optional<String> name = headers.first("Impersonate-User").filter(text -> !text.isEmpty());
    List<String> groups = headers.all("Impersonate-Group");
    Map<String, List<String>> extra = extra(headers);
    String uid = headers.first("Impersonate-Uid").orElse("");
    if (name.isEmpty()) {
      if (!groups.isEmpty() || !extra.isEmpty() || !uid.isEmpty()) {
        throw Failures.badRequest("requested impersonation without impersonating a user");
      }
      return Optional.empty();
    }
    List<String> all = new ArrayList<>(groups);
    if (name.get().startsWith(ACCOUNT)) {
      String[] parts = name.get().substring(ACCOUNT.length()).split(":", 2);
      if (groups.isEmpty()) {
        all.add("system:serviceaccounts");
        all.add("system:serviceaccounts:" + parts[0]);
      }
    }
    String standing =
        name.get().equals(User.ANONYMOUS.name())
            ? "system:unauthenticated"
            : "system:authenticated";
    if (!all.contains(standing)) {
      all.add(standing);
    }
    return Optional.of(new Impersonation(new User(name.get(), uid, all, extra), groups));
  }

  private static Map<String, List<String>> extra(Headers headers) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (Headers.Line line : headers.lines()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (name.startsWith(EXTRA)) {
        String key = ExtraKeys.decoded(name.substring(EXTRA.length()));
        extra.computeIfAbsent(key, _ -> new ArrayList<>()).add(line.value());
      }
    }
    return extra;
  }
}
