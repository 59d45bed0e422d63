package dev.kapell.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.controllers.world.Make;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TroubleTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static Pod terminating(long secondsAgo, String... finalizers) {
    return Pod.builder()
        .metadata(
            Make.meta("p")
                .withFinalizers(List.of(finalizers))
                .withDeletionTimestamp(NOW.minusSeconds(secondsAgo)))
        .build();
  }

  @Test
  void aPodHeldForLongIsToldWithItsFinalizers() {
    Trouble trouble =
        Trouble.of(List.of(terminating(90, "a/own", "b/other")), Set.of("a/own"), NOW);
    assertThat(trouble.notices())
        .singleElement()
        .satisfies(n -> assertThat(n.message()).contains("b/other").doesNotContain("a/own"));
    assertThat(trouble.again()).isEmpty();
  }

  @Test
  void patienceComesFirst() {
    Trouble trouble = Trouble.of(List.of(terminating(20, "b/other")), Set.of(), NOW);
    assertThat(trouble.notices()).isEmpty();
    assertThat(trouble.again()).contains(Duration.ofSeconds(40));
  }

  @Test
  void whatGoesByItselfIsNoTrouble() {
    assertThat(Trouble.of(List.of(terminating(90)), Set.of(), NOW))
        .isEqualTo(new Trouble(List.of(), Optional.empty()));
    assertThat(Trouble.of(List.of(terminating(90, "a/own")), Set.of("a/own"), NOW).notices())
        .isEmpty();
  }
}
