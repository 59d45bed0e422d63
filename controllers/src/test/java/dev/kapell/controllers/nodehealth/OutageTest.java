package dev.kapell.controllers.nodehealth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeCondition;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.ControllerOptions;
import dev.kapell.controllers.nodehealth.NodeHealthController.GivingUp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutageTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @ParameterizedTest(name = "{0} ready and {1} not, everywhere {2}: every {3} s")
  @CsvSource({
    "9, 1, false, 10",
    "1, 2, false, 10",
    "1, 3, false, -1",
    "40, 30, false, 10",
    "30, 40, false, 100",
    "0, 5, false, 10",
    "0, 5, true, -1",
  })
  void theMoreIsOutTheSlowerNodesAreGivenUp(
      int ready, int unready, boolean everywhere, long seconds) {
    assertThat(new Outage(ready, unready, everywhere).pace().map(Duration::toSeconds).orElse(-1L))
        .isEqualTo(seconds);
  }

  @ParameterizedTest(name = "Ready {0}, {1}: {2}")
  @CsvSource({
    "True, NOW, ''",
    "Unknown, NOW, unreachable NoSchedule unreachable NoExecute",
    "Unknown, LATER, unreachable NoSchedule",
    "False, NOW, not-ready NoSchedule not-ready NoExecute",
    "False, NEVER, not-ready NoSchedule",
  })
  void taintsFollow(String ready, GivingUp givingUp, String taints) {
    Node node = Node.builder().metadata(ObjectMeta.builder().name("n1").build()).build();
    NodeCondition condition = NodeCondition.builder().type("Ready").status(ready).build();
    Node seen = node.withStatus(node.status().withConditions(List.of(condition)));
    Plan plan =
        NodeHealthController.decideFor(
            new NodeHealthController.Seen(
                seen, Duration.ZERO, ControllerOptions.NODE_GRACE, List.of(), givingUp),
            NOW);
    assertThat(taints(plan)).isEqualTo(taints);
  }

  private static String taints(Plan plan) {
    for (Change change : plan.changes()) {
      if (change instanceof Change.Update<?> update && update.after() instanceof Node node) {
        return node.spec().taints().stream()
            .map(each -> each.keyOr("").replaceAll(".*/", "") + " " + each.effectOr(""))
            .collect(Collectors.joining(" "));
      }
    }
    return "";
  }
}
