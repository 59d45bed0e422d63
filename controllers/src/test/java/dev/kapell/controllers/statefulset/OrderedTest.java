package dev.kapell.controllers.statefulset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.control.loop.Change;
import dev.kapell.controllers.world.Make;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OrderedTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static StatefulSet none(String policy) {
    return StatefulSet.builder()
        .metadata(Make.meta("db").withUid("u1"))
        .spec(
            StatefulSetSpec.builder()
                .replicas(0)
                .podManagementPolicy(policy)
                .serviceName("db")
                .selector(Make.selector("db"))
                .template(Make.template("db", "db:1"))
                .build())
        .build();
  }

  private static Pod ready(StatefulSet set, int ordinal) {
    return Make.ready(Identity.pod(set, ordinal, set.spec().template(), "db-1"), NOW);
  }

  private static Pod unready(StatefulSet set, int ordinal) {
    return Make.unready(Identity.pod(set, ordinal, set.spec().template(), "db-1"), NOW);
  }

  private static List<String> deleted(StatefulSet set, Pod... pods) {
    return Ordered.decide(
            new Ordered.Seen(set, List.of(pods), List.of(), false, Map.of(), Optional.empty()), NOW)
        .changes()
        .stream()
        .filter(c -> c instanceof Change.Delete<?> d && d.type().equals(Types.POD))
        .map(c -> ((Change.Delete<?>) c).key().name())
        .toList();
  }

  @Test
  void thePodWithTheHighestNumberGoesFirst() {
    StatefulSet set = none("OrderedReady");
    assertThat(deleted(set, ready(set, 0), ready(set, 1))).containsExactly("db-1");
  }

  @Test
  void noPodGoesWhileItAndOneBelowItDoNotWork() {
    StatefulSet set = none("OrderedReady");
    assertThat(deleted(set, unready(set, 0), ready(set, 1), unready(set, 2))).isEmpty();
  }

  @Test
  void theOnlyPodThatDoesNotWorkMayGo() {
    StatefulSet set = none("OrderedReady");
    assertThat(deleted(set, ready(set, 0), unready(set, 1))).containsExactly("db-1");
  }

  @Test
  void withoutOrderEveryPodGoesAtOnce() {
    StatefulSet set = none("Parallel");
    assertThat(deleted(set, unready(set, 0), unready(set, 1))).containsExactly("db-1", "db-0");
  }
}
