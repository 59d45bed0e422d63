package dev.kapell.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
  private static Policy policy(String rules) {
    return Policy.parse("p.yaml", "apiVersion: audit.k8s.io/v1\nkind: Policy\n" + rules);
  }

  /** {@code verb group/resource/sub namespace/name}, or {@code verb /path}, by user and group. */
  private static Asked asked(String verb, String what, String place, String user, String group) {
    Optional<Target> target = Optional.empty();
    if (!what.startsWith("/")) {
      String[] parts = what.split(":", -1);
      String[] resource = parts[1].split("/", 2);
      String[] at = place.split("/", -1);
      target =
          Optional.of(
              new Target(
                  parts[0],
                  "v1",
                  resource[0],
                  at[0],
                  at[1],
                  resource.length > 1 ? resource[1] : ""));
    }
    return new Asked(
        "id",
        Instant.EPOCH,
        what,
        verb,
        target,
        new User(user, "", List.of(group), Map.of()),
        List.of(),
        "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          level: Metadata                                                   | get  | :pods            | ns/a | ann | devs | METADATA
          level: Metadata, users: [ann]                                     | get  | :pods            | ns/a | ann | devs | METADATA
          level: Metadata, users: [ann]                                     | get  | :pods            | ns/a | bob | devs | NONE
          level: Metadata, userGroups: [devs]                               | get  | :pods            | ns/a | bob | devs | METADATA
          level: Metadata, userGroups: [ops]                                | get  | :pods            | ns/a | bob | devs | NONE
          level: Metadata, verbs: [list, get]                               | get  | :pods            | ns/a | bob | devs | METADATA
          level: Metadata, verbs: [list]                                    | get  | :pods            | ns/a | bob | devs | NONE
          level: Request, resources: [{group: ""}]                          | get  | :pods            | ns/a | bob | devs | REQUEST
          level: Request, resources: [{group: apps}]                        | get  | :pods            | ns/a | bob | devs | NONE
          level: Request, resources: [{group: "", resources: [pods]}]       | get  | :pods/log        | ns/a | bob | devs | NONE
          level: Request, resources: [{group: "", resources: [pods/log]}]   | get  | :pods/log        | ns/a | bob | devs | REQUEST
          level: Request, resources: [{group: "", resources: [pods/*]}]     | get  | :pods/log        | ns/a | bob | devs | REQUEST
          level: Request, resources: [{group: "", resources: [pods/*]}]     | get  | :pods            | ns/a | bob | devs | REQUEST
          level: Request, resources: [{group: apps, resources: ["*/scale"]}] | get | apps:deployments/scale | ns/a | bob | devs | REQUEST
          level: Request, resources: [{group: apps, resources: ["*/scale"]}] | get | apps:deployments/status | ns/a | bob | devs | NONE
          level: Request, resources: [{group: apps, resources: ["*"]}]      | get  | apps:deployments/status | ns/a | bob | devs | REQUEST
          level: Request, resources: [{group: "", resources: [pods], resourceNames: [b]}] | get | :pods | ns/a | bob | devs | NONE
          level: Request, resources: [{group: "", resources: [pods], resourceNames: [a]}] | get | :pods | ns/a | bob | devs | REQUEST
          level: Request, namespaces: [ns]                                  | get  | :pods            | ns/a | bob | devs | REQUEST
          level: Request, namespaces: [other]                               | get  | :pods            | ns/a | bob | devs | NONE
          level: Request, namespaces: [""]                                  | get  | :nodes           | /a   | bob | devs | REQUEST
          level: Request, namespaces: [ns]                                  | get  | /metrics         | -    | bob | devs | NONE
          level: RequestResponse, nonResourceURLs: [/metrics]               | get  | /metrics         | -    | bob | devs | REQUEST_RESPONSE
          level: RequestResponse, nonResourceURLs: [/healthz*]              | get  | /healthz/etcd?a  | -    | bob | devs | REQUEST_RESPONSE
          level: RequestResponse, nonResourceURLs: [/healthz]               | get  | /healthz/etcd    | -    | bob | devs | NONE
          level: RequestResponse, nonResourceURLs: ["*"]                    | get  | /x               | -    | bob | devs | REQUEST_RESPONSE
          level: RequestResponse, nonResourceURLs: ["*"]                    | get  | :pods            | ns/a | bob | devs | NONE
          """)
  void aRuleMatchesWhatItNames(
      String rule, String verb, String what, String place, String user, String group, Level level) {
    assertThat(
            policy("rules: [{" + rule + "}]").decide(asked(verb, what, place, user, group)).level())
        .isEqualTo(level);
  }

  @Test
  void theFirstRuleThatMatchesCountsAndItsStagesAddToThePolicys() {
    Policy policy =
        policy(
            """
            omitStages: [RequestReceived]
            omitManagedFields: true
            rules:
            - {level: Metadata, verbs: [get], omitStages: [ResponseStarted], omitManagedFields: false}
            - {level: Request}
            """);
    Policy.Decision get = policy.decide(asked("get", ":pods", "ns/a", "ann", "devs"));
    assertThat(get.level()).isEqualTo(Level.METADATA);
    assertThat(get.omitted()).containsOnly(Stage.REQUEST_RECEIVED, Stage.RESPONSE_STARTED);
    assertThat(get.omitManagedFields()).isFalse();
    Policy.Decision create = policy.decide(asked("create", ":pods", "ns/", "ann", "devs"));
    assertThat(create.level()).isEqualTo(Level.REQUEST);
    assertThat(create.omitted()).containsOnly(Stage.REQUEST_RECEIVED);
    assertThat(create.omitManagedFields()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          create | :configmaps           | ns/   | ann | devs | METADATA
          update | :secrets              | ns/a  | ann | devs | METADATA
          get    | :secrets              | ns/a  | ann | devs | METADATA
          list   | :secrets              | ns/   | ann | devs | METADATA
          create | :serviceaccounts/token | ns/a | ann | devs | METADATA
          create | authentication.k8s.io:tokenreviews | / | ann | devs | METADATA
          get    | :pods/exec            | ns/a  | ann | devs | METADATA
          get    | :pods                 | ns/a  | ann | devs | NONE
          watch  | :pods                 | ns/   | ann | devs | NONE
          create | :events               | ns/   | ann | devs | NONE
          patch  | :nodes/status         | /n1   | system:node:n1 | system:nodes | NONE
          delete | :nodes                | /n1   | system:node:n1 | system:nodes | METADATA
          create | authorization.k8s.io:subjectaccessreviews | / | ann | devs | NONE
          get    | /readyz               | -     | ann | devs | NONE
          post   | /debug/rotate-encryption-key | - | ann | devs | METADATA
          """)
  void theBuiltInPolicyWritesDownWritesAndSecretsAndNoBody(
      String verb, String what, String place, String user, String group, Level level) {
    assertThat(Policy.builtIn().decide(asked(verb, what, place, user, group)).level())
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rules: []                                    | rules must hold at least one rule
          rules: [{}]                                  | rules[0].level must be one of
          rules: [{level: metadata}]                   | rules[0].level must be one of
          rules: [{level: None, verb: [get]}]          | rules[0].verb is not a known field
          rules: [{level: None, verbs: get}]           | rules[0].verbs must be a list
          rules: [{level: None, omitStages: [Done]}]   | stages are RequestReceived
          rules: [{level: None, nonResourceURLs: [x]}] | begin with /
          rules: [{level: None, nonResourceURLs: [/a*b]}] | use * only as the last character
          rules: [{level: None, nonResourceURLs: [/a], namespaces: [b]}] | cannot apply to both
          rules: [{level: None, resources: [{group: apps/v1}]}] | is a group without a version
          rules: [{level: None, resources: [{resourceNames: [a]}]}] | requires at least one resource
          rule: []                                     | rule is not a known field
          """)
  void aPolicyThatMakesNoSenseIsRefused(String text, String message) {
    assertThatThrownBy(() -> policy(text))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContainingAll("p.yaml", message);
  }
}
