package dev.kapell.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierTest {
  private final Suggested suggested = Suggested.load();
  private final Classifier classifier =
      new Classifier(
          suggested.schemas(),
          suggested.levels().stream()
              .map(level -> level.metadata().nameOr(""))
              .collect(Collectors.toSet()));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          root             | system:masters   | list   | :pods                      | ns          | exempt                       | exempt          | -
          ann              | devs             | get    | /readyz                    | -           | probes                       | exempt          | -
          ann              | devs             | get    | /metrics                   | -           | global-default               | global-default  | ann
          ann              | devs             | list   | :pods                      | ns          | global-default               | global-default  | ann
          system:anonymous | -                | list   | :pods                      | ns          | global-default               | global-default  | system:anonymous
          system:node:n1   | system:nodes     | patch  | :nodes/status              | -           | system-node-high             | node-high       | system:node:n1
          system:node:n1   | system:nodes     | update | coordination.k8s.io:leases | kube-node-lease | system-node-high         | node-high       | system:node:n1
          system:node:n1   | system:nodes     | list   | :pods                      | -           | system-nodes                 | system          | system:node:n1
          system:kube-scheduler | -           | update | coordination.k8s.io:leases | kube-system | system-leader-election       | leader-election | system:kube-scheduler
          system:kube-scheduler | -           | list   | :pods                      | -           | kube-scheduler               | workload-high   | -
          system:serviceaccount:kube-system:gc | system:serviceaccounts | delete | :pods | ns     | kube-system-service-accounts | workload-high   | ns
          system:serviceaccount:ns:app | system:serviceaccounts | list | :pods | ns           | service-accounts             | workload-low    | system:serviceaccount:ns:app
          """)
  void theSuggestedSchemasSortRequests(
      String user,
      String group,
      String verb,
      String what,
      String namespace,
      String schema,
      String level,
      String flow) {
    Optional<Target> target = Optional.empty();
    if (!what.startsWith("/")) {
      String[] parts = what.split(":", -1);
      String[] resource = parts[1].split("/", 2);
      target =
          Optional.of(
              new Target(
                  parts[0],
                  "v1",
                  resource[0],
                  namespace == null ? "" : namespace,
                  "x",
                  resource.length > 1 ? resource[1] : ""));
    }
    List<String> groups =
        group == null
            ? List.of(
                user.equals("system:anonymous") ? "system:unauthenticated" : "system:authenticated")
            : List.of(group, "system:authenticated");
    FlowRequest request =
        new FlowRequest(new User(user, "", groups, Map.of()), verb, target, what, 1);
    assertThat(classifier.find(request))
        .hasValue(new Classifier.Flow(schema, "", level, flow == null ? "" : flow));
  }

  @Test
  void aSchemaWhoseLevelIsMissingIsPassedOver() {
    Classifier fewer = new Classifier(suggested.schemas(), java.util.Set.of("catch-all"));
    FlowRequest request =
        new FlowRequest(
            new User("ann", "", List.of("system:authenticated"), Map.of()),
            "get",
            Optional.empty(),
            "/x",
            1);
    assertThat(fewer.find(request).orElseThrow().schema()).isEqualTo("catch-all");
  }

  @Test
  void seatsAreSharedByShares() {
    Map<String, LevelPlan> plans =
        LevelPlan.of(suggested.levels(), 245).stream()
            .collect(Collectors.toMap(LevelPlan::name, plan -> plan));
    assertThat(Objects.requireNonNull(plans.get("workload-low")).nominal()).isEqualTo(100);
    assertThat(Objects.requireNonNull(plans.get("workload-low")).lendable()).isEqualTo(90);
    assertThat(Objects.requireNonNull(plans.get("global-default")).nominal()).isEqualTo(20);
    assertThat(Objects.requireNonNull(plans.get("catch-all")).queues()).isZero();
    assertThat(Objects.requireNonNull(plans.get("exempt")).exempt()).isTrue();
    assertThat(Objects.requireNonNull(plans.get("leader-election")).hand()).isEqualTo(4);
  }
}
