package dev.kapell.controllers.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.IntOrString;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.apps.v1.DeploymentStrategy;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.ReplicaSetSpec;
import dev.kapell.api.apps.v1.RollingUpdateDeployment;
import dev.kapell.controllers.world.Make;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizeTest {
  private static Deployment deployment(int replicas, String surge, String unavailable) {
    return Deployment.builder()
        .metadata(Make.meta("web"))
        .spec(
            DeploymentSpec.builder()
                .replicas(replicas)
                .selector(Make.selector("web"))
                .template(Make.template("web", "web:9"))
                .strategy(
                    DeploymentStrategy.builder()
                        .type("RollingUpdate")
                        .rollingUpdate(
                            RollingUpdateDeployment.builder()
                                .maxSurge(share(surge))
                                .maxUnavailable(share(unavailable))
                                .build())
                        .build())
                .build())
        .build();
  }

  private static IntOrString share(String text) {
    return text.endsWith("%") ? IntOrString.of(text) : IntOrString.of(Integer.parseInt(text));
  }

  /** The last is the one with the Deployment's template. */
  private static Fleet fleet(Deployment deployment, int most, String sizes) {
    List<ReplicaSet> sets = new ArrayList<>();
    List<Integer> wanted = Arrays.stream(sizes.split(" ", -1)).map(Integer::valueOf).toList();
    for (int i = 0; i < wanted.size(); i++) {
      boolean last = i == wanted.size() - 1;
      sets.add(
          ReplicaSet.builder()
              .metadata(
                  Make.meta("web-" + i)
                      .withCreationTimestamp(Instant.EPOCH.plusSeconds(i))
                      .withAnnotations(Map.of(Revisions.MOST, "" + most)))
              .spec(
                  ReplicaSetSpec.builder()
                      .replicas(wanted.get(i))
                      .template(Make.template("web", last ? "web:9" : "web:" + i))
                      .build())
              .build());
    }
    return Fleet.of(deployment, sets);
  }

  @ParameterizedTest(name = "{1} with at most {2}, scaled to {0} with surge {3}: {4}")
  @CsvSource({
    "20, 5 8,     13, 3, 9 14",
    "10, 5 5,     10, 0, 5 5",
    "5,  5 5,     10, 0, 2 3",
    "15, 5 5,     10, 0, 7 8",
    "4,  5 5,     10, 0, 2 2",
    "0,  5 8,     13, 3, 0 0",
    "6,  3,       3,  0, 6",
    "12, 1 1 8,   10, 0, 1 1 10",
    "2,  1 1 8,   10, 0, 0 0 2",
    "30, 7 3,     10, 0, 21 9",
  })
  void inProportion(int replicas, String sizes, int most, String surge, String expected) {
    Deployment deployment = deployment(replicas, surge, "1");
    Fleet fleet = fleet(deployment, most, sizes);
    Map<ReplicaSet, Integer> resized = Resize.sizes(fleet, Limits.of(deployment), true);
    String result =
        fleet.all().stream()
            .map(set -> "" + resized.getOrDefault(set, Fleet.wanted(set)))
            .collect(Collectors.joining(" "));
    assertThat(result).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{1}, of which {2} serve, scaled to {0} with surge {3}: {4}")
  @CsvSource({
    "3, 3 3,   3 0,   1, 2 2",
    "2, 3 3,   3 3,   1, 1 2",
    "4, 5 5,   5 1,   0, 2 2",
    "4, 5 5,   5 0,   0, 3 1",
    "4, 5 5,   0 0,   0, 2 2",
    "5, 4 4 4, 4 0 0, 0, 4 0 1",
  })
  void whatServesGoesLastWhenARolloutShrinks(
      int replicas, String sizes, String serving, String surge, String expected) {
    Deployment deployment = deployment(replicas, surge, "1");
    List<Integer> available = Arrays.stream(serving.split(" ", -1)).map(Integer::valueOf).toList();
    List<ReplicaSet> sets = new ArrayList<>();
    for (ReplicaSet set : fleet(deployment, 10, sizes).all()) {
      int count = available.get(sets.size());
      sets.add(set.withStatus(set.status().withAvailableReplicas(count)));
    }
    Fleet fleet = Fleet.of(deployment, sets);
    Map<ReplicaSet, Integer> resized = Resize.sizes(fleet, Limits.of(deployment), true);
    String result =
        fleet.all().stream()
            .map(set -> "" + resized.getOrDefault(set, Fleet.wanted(set)))
            .collect(Collectors.joining(" "));
    assertThat(result).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} replicas, surge {1}, unavailable {2}: at most {3}, at least {4}")
  @CsvSource({
    "10, 25%,  25%, 13, 8",
    "4,  25%,  25%, 5,  3",
    "1,  25%,  25%, 2,  1",
    "3,  0,    10%, 3,  2",
    "3,  1,    10%, 4,  3",
    "3,  100%, 0,   6,  3",
    "0,  25%,  25%, 0,  0",
    "2,  0,    9,   2,  0",
  })
  void theBudgetsByNumberAndPercent(
      int replicas, String surge, String unavailable, int most, int fewest) {
    Limits limits = Limits.of(deployment(replicas, surge, unavailable));
    assertThat(limits.most()).isEqualTo(most);
    assertThat(limits.fewestAvailable()).isEqualTo(fewest);
    Optional<?> notice = Limits.rounding(deployment(replicas, surge, unavailable));
    assertThat(notice.isPresent()).isEqualTo(surge.equals("0") && unavailable.equals("10%"));
  }
}
