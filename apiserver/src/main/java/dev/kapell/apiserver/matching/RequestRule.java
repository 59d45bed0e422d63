package dev.kapell.apiserver.matching;

import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/**
 * A rule with operations, groups, versions and resources; {@code *} stands for any of them.
 *
 * @param resources {@code pods}, {@code pods/status}, {@code *}, {@code pods/*}, {@code *}{@code
 *     /scale}
 * @param scope {@code Namespaced}, {@code Cluster} or {@code *}
 * @param names of objects; empty: all (policies only)
 */
record RequestRule(
    List<String> operations,
    List<String> groups,
    List<String> versions,
    List<String> resources,
    String scope,
    List<String> names) {
  private static final String ANY = "*";

  /** What is compared with a rule. */
  record Subject(Resource resource, String subresource, Operation operation, String name) {}

  static RequestRule of(Obj rule) {
    return new RequestRule(
        rule.texts("operations"),
        rule.texts("apiGroups"),
        rule.texts("apiVersions"),
        rule.texts("resources"),
        rule.text("scope").isEmpty() ? ANY : rule.text("scope"),
        rule.texts("resourceNames"));
  }

  boolean covers(Subject subject) {
    Resource resource = subject.resource();
    return has(operations, subject.operation().name())
        && has(groups, resource.group())
        && has(versions, resource.version())
        && coversScope(resource)
        && (names.isEmpty() || names.contains(subject.name()))
        && resources.stream().anyMatch(each -> covers(each, resource, subject.subresource()));
  }

  private boolean coversScope(Resource resource) {
    return switch (scope) {
      case "Namespaced" -> resource.namespaced();
      case "Cluster" -> !resource.namespaced();
      default -> true;
    };
  }

  private static boolean covers(String pattern, Resource resource, String subresource) {
    int slash = pattern.indexOf('/');
    String plural = slash < 0 ? pattern : pattern.substring(0, slash);
    String sub = slash < 0 ? "" : pattern.substring(slash + 1);
    return (plural.equals(ANY) || plural.equals(resource.plural()))
        && (sub.equals(ANY) || sub.equals(subresource));
  }

  private static boolean has(List<String> patterns, String value) {
    return patterns.contains(ANY) || patterns.contains(value);
  }
}
