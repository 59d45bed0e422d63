package dev.kapell.apiserver.discovery;

import dev.kapell.apiserver.request.GroupPriority;

/** In which order clients prefer groups, and the versions of a group. Pure. */
@FunctionalInterface
public interface Priorities {
  /** Those of what this server serves itself, as in the reference. */
  Priorities OWN = Priorities::own;

  /** What an APIService says of a group and version. */
  Priority of(String group, String version);

  /**
   * A group and version; more is better.
   *
   * @param group {@code groupPriorityMinimum}
   * @param version {@code versionPriority}
   */
  record Priority(int group, int version) {}

  private static Priority own(String group, String version) {
    if (!GroupPriority.isBuiltIn(group)) {
      return new Priority(GroupPriority.of(group), 100);
    }
    int order =
        switch (group + "/" + version) {
          case "/v1" -> 1;
          case "autoscaling/v2" -> 30;
          case "flowcontrol.apiserver.k8s.io/v1" -> 21;
          default -> version.contains("alpha") ? 1 : version.contains("beta") ? 9 : 15;
        };
    return new Priority(GroupPriority.of(group), order);
  }
}
