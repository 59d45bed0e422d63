package dev.kapell.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionOrderTest {
  @Test
  void versionsAreOrderedByStabilityThenNumber() {
    List<String> wanted =
        List.of(
            "v10",
            "v2",
            "v1",
            "v11beta2",
            "v10beta3",
            "v3beta1",
            "v12alpha1",
            "v11alpha2",
            "foo1",
            "foo10");
    List<String> mixed = new ArrayList<>(wanted);
    Collections.shuffle(mixed, new Random(3));
    mixed.sort(VersionOrder.BEST_FIRST);
    assertThat(mixed).containsExactlyElementsOf(wanted);
  }

  @Test
  void anOwnVersionHasThePriorityOfTheReference() {
    assertThat(Priorities.OWN.of("autoscaling", "v2").version())
        .isGreaterThan(Priorities.OWN.of("autoscaling", "v1").version());
    assertThat(Priorities.OWN.of("apps", "v1")).isEqualTo(new Priorities.Priority(17_800, 15));
    assertThat(Priorities.OWN.of("stable.example.com", "v1"))
        .isEqualTo(new Priorities.Priority(1000, 100));
  }
}
