package dev.kapell.apiserver.audit;

import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.tree.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One rule of a policy; what it does not name matches everything. Immutable. */
record Rule(
    Policy.Decision decision,
    List<String> users,
    List<String> userGroups,
    List<String> verbs,
    List<Resources> resources,
    List<String> namespaces,
    List<String> paths) {

  /**
   * Resources of one group.
   *
   * @param names {@code pods}, {@code pods/log}, {@code pods/*}, {@code *}{@code /scale}, {@code
   *     *}; empty: all
   * @param objects names of objects; empty: all
   */
  record Resources(String group, List<String> names, List<String> objects) {
    boolean cover(Target target) {
      return group.equals(target.group())
          && (names.isEmpty() || names.stream().anyMatch(name -> covers(name, target)))
          && (objects.isEmpty() || objects.contains(target.name()));
    }

    private static boolean covers(String pattern, Target target) {
      String sub = target.subresource();
      int slash = pattern.indexOf('/');
      if (slash < 0) {
        return pattern.equals("*") || (sub.isEmpty() && pattern.equals(target.resource()));
      }
      String resource = pattern.substring(0, slash);
      String wanted = pattern.substring(slash + 1);
      return (resource.equals("*") || resource.equals(target.resource()))
          && (wanted.equals("*") || (!sub.isEmpty() && wanted.equals(sub)));
    }
  }

  static Rule read(Settings rule, Set<Stage> omitted, boolean omitFields) {
    rule.only(
        "level",
        "users",
        "userGroups",
        "verbs",
        "resources",
        "namespaces",
        "nonResourceURLs",
        "omitStages",
        "omitManagedFields");
    List<String> paths = rule.texts("nonResourceURLs");
    if (!paths.isEmpty() && (rule.has("resources") || rule.has("namespaces"))) {
      throw rule.invalid(
          "nonResourceURLs", "rules cannot apply to both regular resources and non-resource URLs");
    }
    for (String path : paths) {
      int star = path.indexOf('*');
      if (!path.equals("*") && (!path.startsWith("/") || (star >= 0 && star < path.length() - 1))) {
        throw rule.invalid(
            "nonResourceURLs",
            "holds \"" + path + "\"; begin with / and use * only as the last character");
      }
    }
    return new Rule(
        new Policy.Decision(level(rule), omitted, rule.flag("omitManagedFields", omitFields)),
        rule.texts("users"),
        rule.texts("userGroups"),
        rule.texts("verbs"),
        resources(rule),
        rule.texts("namespaces"),
        paths);
  }

  private static Level level(Settings rule) {
    String word = rule.text("level");
    for (Level level : Level.values()) {
      if (level.word().equals(word)) {
        return level;
      }
    }
    throw rule.invalid("level", "must be one of None, Metadata, Request, RequestResponse");
  }

  private static List<Resources> resources(Settings rule) {
    List<Resources> all = new ArrayList<>();
    for (Settings entry : rule.list("resources")) {
      entry.only("group", "resources", "resourceNames");
      if (entry.text("group").contains("/")) {
        throw entry.invalid("group", "is a group without a version, for instance apps");
      }
      if (entry.has("resourceNames") && !entry.has("resources")) {
        throw entry.invalid("resourceNames", "using resourceNames requires at least one resource");
      }
      all.add(
          new Resources(
              entry.text("group"), entry.texts("resources"), entry.texts("resourceNames")));
    }
    return all;
  }

  boolean matches(Asked asked) {
    boolean who =
        (users.isEmpty() || users.contains(asked.user().name()))
            && (userGroups.isEmpty() || !Collections.disjoint(userGroups, asked.user().groups()));
    return who && (verbs.isEmpty() || verbs.contains(asked.verb())) && matchesWhat(asked);
  }

  private boolean matchesWhat(Asked asked) {
    if (resources.isEmpty() && namespaces.isEmpty() && paths.isEmpty()) {
      return true;
    }
    Optional<Target> target = asked.target();
    if (target.isEmpty()) {
      return paths.stream().anyMatch(path -> covers(path, asked.path()));
    }
    return paths.isEmpty()
        && (namespaces.isEmpty() || namespaces.contains(target.get().namespace()))
        && (resources.isEmpty() || resources.stream().anyMatch(r -> r.cover(target.get())));
  }

  private static boolean covers(String pattern, String path) {
    return pattern.endsWith("*")
        ? path.startsWith(pattern.substring(0, pattern.length() - 1))
        : path.equals(pattern);
  }
}
