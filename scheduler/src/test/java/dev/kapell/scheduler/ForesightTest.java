package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForesightTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gang \"train\" has 1 of its 4 pods; … | gang \"train\" has 1 of its 4 pods; …",
        "queue \"a\" is not defined | queue \"a\" is not defined",
        "annotation x must be y | annotation x must be y",
        "0/3 nodes are available: 3 Insufficient cpu. Gang \"train\" needs 4 places at once |"
            + " Gang \"train\" needs 4 places at once",
        "0/3 nodes are available: 3 Insufficient cpu. |"
      })
  void aPodIsHeldBackByWhatTheSchedulerSaidOfItsGangOrQueue(String said, @Nullable String line) {
    PodCondition condition =
        PodCondition.builder().type("PodScheduled").status("False").message(said).build();
    Pod pod =
        Pod.builder().status(PodStatus.builder().conditions(List.of(condition)).build()).build();

    assertThat(Foresight.heldBackBy(pod)).isEqualTo(line == null ? List.of() : List.of(line));
  }
}
