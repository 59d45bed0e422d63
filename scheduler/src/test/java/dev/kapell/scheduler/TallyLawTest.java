package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.LabelSelectorRequirement;
import dev.kapell.control.match.Selectors;
import dev.kapell.scheduler.cluster.Counted;
import dev.kapell.scheduler.cluster.NodeGroup;
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
}
