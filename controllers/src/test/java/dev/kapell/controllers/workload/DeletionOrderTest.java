package dev.kapell.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.controllers.world.Make;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In each row {@code a} goes before {@code b}, whatever the order they are found in. */
class DeletionOrderTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** {@code node phase ready-for cost restarts age}, times in seconds, - for none. */
  private static Pod pod(String name, String words) {
    String[] word = words.trim().split(" +", -1);
    Pod pod =
        Pod.builder()
            .metadata(
                Make.meta(name)
                    .withUid(name)
                    .withAnnotations(
                        word[3].equals("-")
                            ? Map.of()
                            : Map.of("controller.kubernetes.io/pod-deletion-cost", word[3]))
                    .withCreationTimestamp(NOW.minusSeconds(Long.parseLong(word[5]))))
            .build();
    Pod placed = pod.withSpec(pod.spec().withNodeName(word[0].equals("-") ? null : word[0]));
    Pod ready =
        word[2].equals("-")
            ? placed
            : Make.ready(placed, NOW.minusSeconds(Long.parseLong(word[2])));
    return ready.withStatus(
        ready
            .status()
            .withPhase(word[1])
            .withContainerStatuses(
                List.of(
                    ContainerStatus.builder()
                        .name("main")
                        .restartCount(Integer.parseInt(word[4]))
                        .build())));
  }

  @ParameterizedTest(name = "{0} before {1}, siblings on {2}")
  @CsvSource({
    "-  Pending -   - 0 60,  n1 Pending -  - 0 60, ''",
    "n1 Pending -   - 0 60,  n1 Unknown -  - 0 60, ''",
    "n1 Unknown -   - 0 60,  n1 Running -  - 0 60, ''",
    "n1 Running -   - 0 60,  n1 Running 60 - 0 60, ''",
    "n1 Running 60 -5 0 60,  n2 Running 60 - 0 60, ''",
    "n1 Running 60  - 0 60,  n2 Running 60 7 0 60, ''",
    "n1 Running 60  - 0 60,  n2 Running 60 - 0 60, n1",
    "n1 Running 60  - 0 60,  n2 Running 9999 - 0 60, ''",
    "n1 Running 60  - 3 60,  n2 Running 60 - 0 60, ''",
    "n1 Running 60  - 0 60,  n2 Running 60 - 0 9999, ''",
    "n1 Running 60  -5 0 9999, n2 Running 60 - 3 60, ''",
    "n1 Running 60  x 0 60,  n2 Running 60 7 0 60, ''",
  })
  void theLessUsefulGoesFirst(String a, String b, String siblings) {
    List<Pod> pods = List.of(pod("b", b), pod("a", a));
    List<Pod> related = new ArrayList<>(pods);
    if (!siblings.isEmpty()) {
      related.add(pod("sibling", siblings + " Running 60 - 0 60"));
    }
    assertThat(DeletionOrder.of(pods, related, NOW))
        .extracting(p -> p.metadata().name())
        .containsExactly("a", "b");
    assertThat(DeletionOrder.of(pods.reversed(), related, NOW))
        .extracting(p -> p.metadata().name())
        .containsExactly("a", "b");
  }
}
