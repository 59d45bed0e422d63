package dev.kapell.apiserver.authorization;

import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.apiserver.request.Target;
import java.util.List;

/** What a rule covers. Pure. */
public final class Rules {
  private static final String ANY = "*";

  /** The rules of {@code cluster-admin}. */
  public static final List<PolicyRule> EVERYTHING =
      List.of(
          PolicyRule.builder()
              .apiGroups(List.of(ANY))
              .resources(List.of(ANY))
              .verbs(List.of(ANY))
              .build(),
          PolicyRule.builder().nonResourceURLs(List.of(ANY)).verbs(List.of(ANY)).build());

  private Rules() {}

  /** Whether {@code rule} allows {@code action}. */
  static boolean covers(PolicyRule rule, Action action) {
    if (!has(rule.verbs(), action.verb())) {
      return false;
    }
    return action.target().isPresent()
        ? coversResource(rule, action.target().get())
        : coversPath(rule, action.path());
  }

  private static boolean coversResource(PolicyRule rule, Target target) {
    return has(rule.apiGroups(), target.group())
        && rule.resources().stream().anyMatch(resource -> names(resource, target))
        && (rule.resourceNames().isEmpty() || rule.resourceNames().contains(target.name()));
  }

  /** {@code *}, {@code pods}, {@code pods/log} or {@code *}{@code /scale}. */
  private static boolean names(String resource, Target target) {
    if (resource.equals(ANY)) {
      return true;
    }
    if (target.subresource().isEmpty()) {
      return resource.equals(target.resource());
    }
    return resource.equals(target.resource() + "/" + target.subresource())
        || resource.equals("*/" + target.subresource());
  }

  private static boolean coversPath(PolicyRule rule, String path) {
    for (String pattern : rule.nonResourceURLs()) {
      boolean matches =
          pattern.endsWith(ANY)
              ? path.startsWith(pattern.substring(0, pattern.length() - 1))
              : path.equals(pattern);
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(List<String> allowed, String wanted) {
    return allowed.contains(ANY) || allowed.contains(wanted);
  }

  /**
   * Whether everything that {@code wanted} allows is allowed by one of {@code held}: the check
   * against giving away more than one has.
   */
  public static boolean covers(List<PolicyRule> held, PolicyRule wanted) {
    return wanted.nonResourceURLs().stream()
            .allMatch(url -> wanted.verbs().stream().allMatch(verb -> anyPath(held, verb, url)))
        && wanted.apiGroups().stream()
            .allMatch(
                group ->
                    wanted.resources().stream()
                        .allMatch(
                            resource ->
                                wanted.verbs().stream()
                                    .allMatch(
                                        verb ->
                                            anyResource(
                                                held,
                                                verb,
                                                group,
                                                resource,
                                                wanted.resourceNames()))));
  }

  private static boolean anyPath(List<PolicyRule> held, String verb, String url) {
    return held.stream().anyMatch(rule -> has(rule.verbs(), verb) && coversPath(rule, url));
  }

  private static boolean anyResource(
      List<PolicyRule> held, String verb, String group, String resource, List<String> names) {
    return held.stream()
        .anyMatch(
            rule ->
                has(rule.verbs(), verb)
                    && has(rule.apiGroups(), group)
                    && (rule.resources().contains(ANY) || rule.resources().contains(resource))
                    && (rule.resourceNames().isEmpty()
                        || (!names.isEmpty() && rule.resourceNames().containsAll(names))));
  }
}
