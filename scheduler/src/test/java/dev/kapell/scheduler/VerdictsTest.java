package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.scheduler.choice.Verdicts;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.extender.Extenders;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.profile.Profile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictsTest {
  private static final LabelSelector WEB =
      LabelSelector.builder().matchLabels(Map.of("app", "web")).build();

  private static Pod spread(Pod pod) {
    return pod.withSpec(
        pod.spec()
            .withTopologySpreadConstraints(
                List.of(
                    TopologySpreadConstraint.builder()
                        .maxSkew(1)
                        .topologyKey("zone")
                        .whenUnsatisfiable("DoNotSchedule")
                        .labelSelector(WEB)
                        .build())));
  }

  /** What is kept from pod to pod says the same as what is found out anew. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsKeptSaysTheSameAsWhatIsAskedAnew(long seed) throws Exception {
    Random random = new Random(seed);
    Scene scene = new Scene();
    Verdicts kept = new Verdicts(Profile.standard(), scene.view(), Extenders.NONE);
    List<Pod> placed = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(8)) {
        case 0 -> scene.node("n" + random.nextInt(12), "zone=" + random.nextInt(3));
        case 1 -> scene.cluster.removeNode("n" + random.nextInt(12));
        case 2 -> {
          if (!placed.isEmpty()) {
            scene.cluster.removePod(placed.remove(random.nextInt(placed.size())));
          }
        }
        default -> {
          Pod plain = scene.pod("p" + step, "app=" + (random.nextBoolean() ? "web" : "db"));
          Pod pod = random.nextBoolean() ? spread(plain) : plain;
          Demand demand = scene.demand(pod);
          Optional<Integer> row = kept.best(pod, demand).row();
          List<String> fitting = scene.fitting(pod);
          assertThat(row.isPresent())
              .as("seed %d step %d", seed, step)
              .isEqualTo(!fitting.isEmpty());
          if (row.isPresent()) {
            String node = scene.cluster.nodeOf(row.get()).metadata().nameOr("");
            assertThat(fitting).as("seed %d step %d", seed, step).contains(node);
            scene.place(pod, node);
            placed.add(pod.withSpec(pod.spec().withNodeName(node)));
          }
        }
      }
    }
  }

  /** Filters that answer for many rows at once answer as they do for each. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rowsAreAskedAboutTogetherAsOneByOne(long seed) {
    Random random = new Random(seed);
    Scene scene = new Scene();
    for (int i = 0; i < 70; i++) {
      if (random.nextInt(5) > 0) {
        scene.node("n" + i, "zone=" + random.nextInt(3), "kubernetes.io/hostname=n" + i);
      } else {
        scene.node("n" + i);
      }
    }
    for (int step = 0; step < 40; step++) {
      scene.place(scene.pod("p" + step, "app=web"), "n" + random.nextInt(70));
      Demand demand = scene.demand(spread(scene.pod("asks" + step, "app=web")));
      for (Filter filter : scene.plugins.filters()) {
        Filter.Check check = filter.prepare(demand, scene.view());
        for (int block = 0; block < 2; block++) {
          int among = random.nextInt();
          int expected = 0;
          for (int row = block * 32; row < Math.min(70, block * 32 + 32); row++) {
            expected |= check.reasons(row).isEmpty() ? 1 << row % 32 : 0;
          }
          assertThat(check.fitting(block, among))
              .as("%s, seed %d step %d", filter.name(), seed, step)
              .isEqualTo(expected & among);
        }
      }
    }
  }

  /** Who refused is told although rows are passed over together. */
  @Test
  void allWhoRefuseAreTold() throws Exception {
    Scene scene = new Scene().node("full", "zone=a").node("skewed", "zone=b").node("bare");
    for (int i = 0; i < 41; i++) {
      scene.place(scene.pod("p" + i, i == 0 ? "app=web" : "app=db"), i == 0 ? "skewed" : "full");
    }
    Verdicts verdicts = new Verdicts(Profile.standard(), scene.view(), Extenders.NONE);
    Pod pod = spread(scene.pod("asks", "app=web"));
    Verdicts.Answer answer = verdicts.best(pod, scene.demand(pod));
    List<String> refusers = new ArrayList<>();
    List<Filter> filters = Profile.standard().plugins().filters();
    for (int i = 0; i < filters.size(); i++) {
      if ((answer.refusers() & 1L << i) != 0) {
        refusers.add(filters.get(i).name());
      }
    }
    assertThat(answer.row()).isEmpty();
    assertThat(refusers).containsExactlyInAnyOrder("NodeResourcesFit", "PodTopologySpread");
  }

  @Test
  void aPodIsPlacedWhereMostIsFree() throws Exception {
    Scene scene = new Scene().node("a").node("b");
    Verdicts verdicts = new Verdicts(Profile.standard(), scene.view(), Extenders.NONE);
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      Pod pod = scene.pod("p" + i);
      int row = verdicts.best(pod, scene.demand(pod)).row().orElseThrow();
      String node = scene.cluster.nodeOf(row).metadata().nameOr("");
      counts.merge(node, 1, Integer::sum);
      scene.place(pod, node);
    }
    assertThat(counts).containsEntry("a", 5).containsEntry("b", 5);
  }

  @Test
  void aNodeThatIsBeingClearedIsKeptForItsPod() throws Exception {
    Scene scene = new Scene().node("a");
    Verdicts verdicts = new Verdicts(Profile.standard(), scene.view(), Extenders.NONE);
    Pod important = scene.pod("important");
    Pod large = scene.pod("large");
    assertThat(verdicts.best(large, scene.demand(large)).row()).contains(0);
    for (int i = 0; i < 39; i++) {
      scene.place(scene.pod("p" + i), "a");
    }
    scene.cluster.nominate(important, scene.demand(important), 0);
    assertThat(verdicts.best(large, scene.demand(large)).row()).isEmpty();
    assertThat(verdicts.best(important, scene.demand(important)).row()).contains(0);
    scene.cluster.unnominate(important.metadata().uidOr(""));
    assertThat(verdicts.best(large, scene.demand(large)).row()).contains(0);
  }
}
