package dev.kapell.apiserver.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who asks, as authentication found out.
 *
 * @param name for instance {@code system:serviceaccount:default:builder}
 * @param uid empty when unknown
 * @param groups for instance {@code system:masters}
 * @param extra further facts of the authenticator
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  /** The cluster's own parts, in this process. */
  public static final User SYSTEM =
      new User("system:kapell", "", List.of("system:masters", "system:authenticated"), Map.of());

  /**
   * The API server where it makes what it cannot start without. No webhook and no policy is asked
   * about that: one that does not answer, or refuses, would keep the server from ever starting.
   */
  public static final User BOOTSTRAP =
      new User("system:apiserver", "", List.of("system:masters", "system:authenticated"), Map.of());

  /** Who sent neither certificate nor token. */
  public static final User ANONYMOUS =
      new User("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

  /** Copies the collections. */
  public User {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  /** The same in the group of everybody who is known, unless in one of the two groups already. */
  public User standing() {
    boolean placed =
        name.equals(ANONYMOUS.name)
            || groups.contains("system:authenticated")
            || groups.contains("system:unauthenticated");
    if (placed) {
      return this;
    }
    List<String> more = new ArrayList<>(groups);
    more.add("system:authenticated");
    return new User(name, uid, more, extra);
  }
}
