package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.LabelSelectorRequirement;
import dev.kapell.control.match.Selectors;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Counted;
import dev.kapell.scheduler.cluster.NodeGroup;
import dev.kapell.scheduler.cluster.Tally;
import dev.kapell.scheduler.demand.PodTerm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes and goes, a tally counts the pods that its selector means, and no others. */
class TallyLawTest {
  private static final int STEPS = 400;
  private static final List<String> NAMES = List.of("app", "tier", "zone");
  private static final List<String> VALUES = List.of("a", "b", "c");

  private final Scene scene = new Scene();

  private static Map<String, String> labels(Random random) {
    Map<String, String> labels = new HashMap<>();
    for (String name : NAMES) {
      if (random.nextBoolean()) {
        labels.put(name, VALUES.get(random.nextInt(VALUES.size())));
      }
    }
    return labels;
  }

  private static LabelSelector selector(Random random) {
    LabelSelector.Builder selector = LabelSelector.builder().matchLabels(labels(random));
    if (random.nextBoolean()) {
      selector.matchExpressions(
          List.of(
              LabelSelectorRequirement.builder()
                  .key(NAMES.get(random.nextInt(NAMES.size())))
                  .operator(random.nextBoolean() ? "Exists" : "DoesNotExist")
                  .build()));
    }
    return selector.build();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aTallyCountsWhatItsSelectorMeans(long seed) {
    Random random = new Random(seed);
    scene.node("a").node("b");
    List<Pod> placed = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      if (placed.isEmpty() || random.nextInt(3) > 0) {
        Pod pod = scene.pod("p" + step);
        pod = pod.withMetadata(pod.metadata().withLabels(labels(random)));
        pod = pod.withSpec(pod.spec().withNodeName(random.nextBoolean() ? "a" : "b"));
        scene.cluster.putPod(pod);
        placed.add(pod);
      } else {
        scene.cluster.removePod(placed.remove(random.nextInt(placed.size())));
      }
      LabelSelector selector = selector(random);
      long expected =
          placed.stream().filter(p -> Selectors.matches(selector, p.metadata().labels())).count();
      assertThat(total(selector))
          .as("seed %s, step %s: %s", seed, step, selector)
          .isEqualTo(expected);
    }
  }

  private long total(LabelSelector selector) {
    Counted.Matching counted =
        new Counted.Matching(List.of(PodTerm.in("default", selector)), false);
    return scene.cluster.tally(counted, "kubernetes.io/hostname", NodeGroup.ALL).total();
  }

  /**
   * Nodes come, change their zone and go, and so do pods; the tally is asked for before and after.
   */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aTallyKnowsTheDomainsThatThereAre(long seed) {
    Random random = new Random(seed);
    LabelSelector web = LabelSelector.builder().matchLabels(Map.of("app", "web")).build();
    Counted.Matching counted = new Counted.Matching(List.of(PodTerm.in("default", web)), false);
    NodeGroup group = new NodeGroup(List.of("zone"), Map.of("disk", "fast"), null, null);
    Map<String, String> zones = new HashMap<>();
    List<String> fast = new ArrayList<>();
    Map<String, Pod> placed = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      String node = "n" + random.nextInt(50);
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          String zone = "zone=" + random.nextInt(6);
          zones.put(node, zone);
          fast.remove(node);
          if (random.nextInt(4) > 0) {
            fast.add(node);
            scene.node(node, zone, "disk=fast");
          } else {
            scene.node(node, zone);
          }
        }
        case 2 -> {
          placed.values().removeIf(pod -> on(node, pod) && scene.cluster.removePod(pod));
          scene.cluster.removeNode(node);
          zones.remove(node);
          fast.remove(node);
        }
        case 3 -> {
          Pod pod = placed.remove("p" + random.nextInt(step + 1));
          if (pod != null) {
            scene.cluster.removePod(pod);
          }
        }
        default -> {
          if (zones.containsKey(node)) {
            Pod pod = scene.pod("p" + step, "app=" + (random.nextInt(4) > 0 ? "web" : "db"));
            pod = pod.withSpec(pod.spec().withNodeName(node));
            scene.cluster.putPod(pod);
            placed.put("p" + step, pod);
          }
        }
      }
      if (random.nextBoolean()) {
        Map<String, Integer> expected = new HashMap<>();
        fast.forEach(name -> expected.put(zones.get(name), 0));
        placed.values().stream()
            .filter(pod -> "web".equals(pod.metadata().labels().get("app")))
            .map(pod -> pod.spec().nodeNameOr(""))
            .filter(fast::contains)
            .forEach(name -> expected.merge(zones.get(name), 1, Integer::sum));
        isAsExpected(
            scene.cluster.tally(counted, "zone", group),
            zones,
            expected,
            "seed " + seed + ", step " + step);
      }
    }
  }

  private static boolean on(String node, Pod pod) {
    return pod.spec().nodeNameOr("").equals(node);
  }

  private void isAsExpected(
      Tally tally, Map<String, String> zones, Map<String, Integer> expected, String when) {
    int fewest = expected.values().stream().mapToInt(count -> count).min().orElse(0);
    int all = expected.values().stream().mapToInt(count -> count).sum();
    assertThat(tally.domainCount()).as(when).isEqualTo(expected.size());
    assertThat(tally.fewest()).as(when).isEqualTo(fewest);
    assertThat(tally.total()).as(when).isEqualTo(all);
    int[] within = new int[scene.cluster.rows() / Cluster.BLOCK + 1];
    scene.cluster.forEachRow(
        row -> {
          String zone = zones.get(scene.cluster.nodeOf(row).metadata().nameOr(""));
          assertThat(tally.at(row)).as(when).isEqualTo(expected.getOrDefault(zone, 0));
          if (tally.at(row) <= fewest + 1) {
            within[row / Cluster.BLOCK] |= 1 << row % Cluster.BLOCK;
          }
        });
    for (int block = 0; block < within.length; block++) {
      assertThat(tally.rowsWithin(fewest + 1, block)).as(when).isEqualTo(within[block]);
    }
  }
}
