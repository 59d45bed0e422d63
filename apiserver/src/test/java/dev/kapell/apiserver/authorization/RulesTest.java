package dev.kapell.apiserver.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.apiserver.request.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
  private static PolicyRule rule(String verbs, String groups, String resources, String names) {
    return PolicyRule.builder()
        .verbs(words(verbs))
        .apiGroups(words(groups))
        .resources(words(resources))
        .resourceNames(words(names))
        .build();
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.replace("core", "").split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "get list, core, pods, '', get, '', pods, '', a, true",
    "get list, core, pods, '', delete, '', pods, '', a, false",
    "get, core, pods, '', get, apps, pods, '', a, false",
    "get, core, pods, '', get, '', pods, log, a, false",
    "get, core, pods/log, '', get, '', pods, log, a, true",
    "update, apps, */scale, '', update, apps, deployments, scale, a, true",
    "*, *, *, '', patch, batch, jobs, status, a, true",
    "get, core, secrets, a b, get, '', secrets, '', b, true",
    "get, core, secrets, a b, get, '', secrets, '', c, false",
    "list, core, secrets, a, list, '', secrets, '', '', false"
  })
  void coversWhatItNames(
      String verbs,
      String groups,
      String resources,
      String names,
      String verb,
      String group,
      String resource,
      String subresource,
      String name,
      boolean covered) {
    Action action =
        Action.on(verb, new Target(group, "v1", resource, "default", name, subresource));
    assertThat(Rules.covers(rule(verbs, groups, resources, names), action)).isEqualTo(covered);
  }

  @Test
  void coversPathsByPrefix() {
    PolicyRule rule =
        PolicyRule.builder()
            .verbs(List.of("get"))
            .nonResourceURLs(List.of("/healthz", "/openapi/*"))
            .build();
    assertThat(Rules.covers(rule, Action.path("get", "/healthz"))).isTrue();
    assertThat(Rules.covers(rule, Action.path("get", "/openapi/v2"))).isTrue();
    assertThat(Rules.covers(rule, Action.path("get", "/healthz/ping"))).isFalse();
    assertThat(Rules.covers(rule, Action.path("post", "/healthz"))).isFalse();
  }

  @Test
  void seesWhenMoreIsWantedThanIsHeld() {
    List<PolicyRule> held =
        List.of(rule("get list", "core", "pods secrets", ""), rule("get", "core", "nodes", "n1"));
    assertThat(Rules.covers(held, rule("get", "core", "pods", ""))).isTrue();
    assertThat(Rules.covers(held, rule("get", "core", "secrets", "one"))).isTrue();
    assertThat(Rules.covers(held, rule("get", "core", "nodes", "n1"))).isTrue();
    assertThat(Rules.covers(held, rule("get", "core", "nodes", ""))).isFalse();
    assertThat(Rules.covers(held, rule("delete", "core", "pods", ""))).isFalse();
    assertThat(Rules.covers(held, rule("*", "*", "*", ""))).isFalse();
  }
}
