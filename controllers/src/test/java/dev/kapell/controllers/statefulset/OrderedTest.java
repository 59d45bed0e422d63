package dev.kapell.controllers.statefulset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.IntOrString;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.RollingUpdateStatefulSetStrategy;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetOrdinals;
import dev.kapell.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy;
import dev.kapell.api.apps.v1.StatefulSetSpec;
import dev.kapell.api.apps.v1.StatefulSetStatus;
import dev.kapell.api.apps.v1.StatefulSetUpdateStrategy;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.world.Make;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private static StatefulSet set(
      String policy, int replicas, UnaryOperator<StatefulSetSpec.Builder> spec) {
    StatefulSetSpec.Builder builder =
        StatefulSetSpec.builder()
            .replicas(replicas)
            .podManagementPolicy(policy)
            .serviceName("db")
            .selector(Make.selector("db"))
            .template(Make.template("db", "db:2"));
    return StatefulSet.builder()
        .metadata(Make.meta("db").withUid("u1").withGeneration(1L))
        .spec(spec.apply(builder).build())
        .status(StatefulSetStatus.builder().currentRevision("db-old").build())
        .build();
  }

  private static IntOrString share(String text) {
    return text.endsWith("%") ? IntOrString.of(text) : IntOrString.of(Integer.parseInt(text));
  }

  private static StatefulSetUpdateStrategy rolling(
      @Nullable Integer partition, @Nullable String most) {
    return StatefulSetUpdateStrategy.builder()
        .type("RollingUpdate")
        .rollingUpdate(
            RollingUpdateStatefulSetStrategy.builder()
                .partition(partition)
                .maxUnavailable(most == null ? null : share(most))
                .build())
        .build();
  }

  /** A letter for each number: o old, n new; small ones are not ready, - is none. */
  private static List<Pod> pods(StatefulSet set, int first, String letters) {
    List<Pod> pods = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      if (letter != '-') {
        String revision =
            Character.toLowerCase(letter) == 'o' ? "db-old" : Ordered.revisionName(set);
        Pod pod = Identity.pod(set, first + i, set.spec().template(), revision);
        pods.add(Character.isUpperCase(letter) ? Make.ready(pod, NOW) : Make.unready(pod, NOW));
      }
    }
    return pods;
  }

  private static Plan decide(StatefulSet set, List<Pod> pods) {
    return Ordered.decide(
        new Ordered.Seen(set, pods, List.of(), false, Map.of(), Optional.empty()), NOW);
  }

  private static String did(Plan plan) {
    List<String> did = new ArrayList<>();
    for (Change change : plan.changes()) {
      switch (change) {
        case Change.Create<?> c when c.object() instanceof Pod pod ->
            did.add("+" + pod.metadata().nameOr("").substring(3));
        case Change.Delete<?> d when d.type().equals(Types.POD) ->
            did.add("-" + d.key().name().substring(3));
        default -> {}
      }
    }
    return String.join(" ", did);
  }

  @ParameterizedTest(name = "{0}, {1} wanted from {2}, partition {3}, at most {4}: {5} does {6}")
  @CsvSource({
    "OrderedReady, 3, 0, ,  ,    '',     +0",
    "OrderedReady, 3, 0, ,  ,    n,      ''",
    "OrderedReady, 3, 0, ,  ,    N,      +1",
    "OrderedReady, 3, 0, ,  ,    N-N,    +1",
    "Parallel,     3, 0, ,  ,    '',     +0 +1 +2",
    "Parallel,     3, 0, ,  ,    n-n,    +1",
    "OrderedReady, 2, 5, ,  ,    N,      +6",
    "OrderedReady, 2, 0, ,  ,    NNNN,   -3",
    "Parallel,     2, 0, ,  ,    NNNN,   -3 -2",
    "OrderedReady, 3, 0, ,  ,    OOO,    -2",
    "OrderedReady, 3, 0, ,  ,    OON,    -1",
    "OrderedReady, 3, 0, ,  ,    OOn,    ''",
    "OrderedReady, 3, 0, 2, ,    OOO,    -2",
    "OrderedReady, 3, 0, 2, ,    OON,    ''",
    "OrderedReady, 3, 0, 9, ,    OOO,    ''",
    "OrderedReady, 4, 0, ,  2,   OOOO,   -3 -2",
    "OrderedReady, 4, 0, ,  50%, OOON,   -2 -1",
    "OrderedReady, 4, 0, ,  1%,  OOOO,   -3",
    "OrderedReady, 3, 5, 1, ,    OOO,    -7",
    "Parallel,     3, 0, ,  ,    OOO,    -2",
    "Parallel,     3, 0, ,  ,    OOn,    ''",
    "Parallel,     3, 0, ,  ,    OoO,    -1",
    "Parallel,     4, 0, ,  2,   OOOn,   -2",
  })
  void stepByStep(
      String policy,
      int replicas,
      int first,
      @Nullable Integer partition,
      @Nullable String most,
      String pods,
      String expected) {
    StatefulSet set =
        set(
            policy,
            replicas,
            s ->
                s.updateStrategy(rolling(partition, most))
                    .ordinals(StatefulSetOrdinals.builder().start(first).build()));
    assertThat(did(decide(set, pods(set, first, pods)))).isEqualTo(expected);
  }

  @Test
  void onDeleteAPodComesBackInTheNewRevision() {
    StatefulSet set =
        set(
            "OrderedReady",
            3,
            s -> s.updateStrategy(StatefulSetUpdateStrategy.builder().type("OnDelete").build()));
    StatefulSet known = set.withStatus(set.status().withCurrentReplicas(3));
    Plan plan = decide(known, pods(known, 0, "-OO"));
    assertThat(did(plan)).isEqualTo("+0");
    assertThat(plan.changes())
        .anySatisfy(
            c ->
                assertThat(c)
                    .isInstanceOfSatisfying(
                        Change.Create.class,
                        create ->
                            assertThat(create.object().metadata().labels())
                                .containsEntry(
                                    "controller-revision-hash", Ordered.revisionName(known))));
    assertThat(did(decide(known, pods(known, 0, "OOO")))).isEmpty();
  }

  @ParameterizedTest(name = "deleted {0}, scaled {1}: number 0 has {2}, number 1 has {3}")
  @CsvSource({
    "Retain, Retain, '',          ''",
    "Delete, Retain, StatefulSet, StatefulSet",
    "Retain, Delete, '',          Pod",
    "Delete, Delete, StatefulSet, Pod",
  })
  void claimsBelongToWhomThePolicySays(
      String deleted, String scaled, String inRange, String beyond) {
    StatefulSet set = withClaims(deleted, scaled);
    Map<ObjectKey, PersistentVolumeClaim> claims = new HashMap<>();
    for (int ordinal = 0; ordinal < 2; ordinal++) {
      Identity.claims(set, ordinal).forEach(c -> claims.put(ObjectKey.of(c), c));
    }
    Plan plan =
        Ordered.decide(
            new Ordered.Seen(set, pods(set, 0, "NN"), List.of(), false, claims, Optional.empty()),
            NOW);
    for (Change change : plan.changes()) {
      if (change instanceof Change.Update<?> u && u.after() instanceof PersistentVolumeClaim c) {
        claims.put(ObjectKey.of(c), c);
      }
    }
    assertThat(owner(claims, "data-db-0")).isEqualTo(inRange);
    assertThat(owner(claims, "data-db-1")).isEqualTo(beyond);
    assertThat(did(plan)).isEqualTo("-1");
  }

  private static StatefulSet withClaims(String deleted, String scaled) {
    PersistentVolumeClaim template =
        PersistentVolumeClaim.builder().metadata(ObjectMeta.builder().name("data").build()).build();
    return set(
        "OrderedReady",
        1,
        s ->
            s.volumeClaimTemplates(List.of(template))
                .persistentVolumeClaimRetentionPolicy(
                    StatefulSetPersistentVolumeClaimRetentionPolicy.builder()
                        .whenDeleted(deleted)
                        .whenScaled(scaled)
                        .build()));
  }

  private static String owner(Map<ObjectKey, PersistentVolumeClaim> claims, String name) {
    return Optional.ofNullable(claims.get(new ObjectKey("default", name)))
        .flatMap(Owners::controllerOf)
        .map(r -> r.kindOr(""))
        .orElse("");
  }

  @Test
  void aNumberWaitsForAClaimThatGoesWithItsLastPod() {
    StatefulSet set = withClaims("Retain", "Delete");
    PersistentVolumeClaim claim = Identity.claims(set, 0).getFirst();
    Pod gone = Identity.pod(set, 0, set.spec().template(), "db-old");
    PersistentVolumeClaim leaving =
        claim.withMetadata(claim.metadata().withOwnerReferences(List.of(Owners.reference(gone))));
    Plan plan =
        Ordered.decide(
            new Ordered.Seen(
                set,
                List.of(),
                List.of(),
                false,
                Map.of(ObjectKey.of(leaving), leaving),
                Optional.empty()),
            NOW);
    assertThat(did(plan)).isEmpty();
    assertThat(did(decide(set, List.of()))).isEqualTo("+0");
  }

  @Test
  void revisionsLeftBehindAreAdoptedFirst() {
    StatefulSet set = set("OrderedReady", 1, s -> s);
    ControllerRevision orphan =
        ControllerRevision.builder()
            .metadata(Make.meta(Ordered.revisionName(set)).withLabels(Map.of("app", "db")))
            .revision(1L)
            .build();
    Plan plan =
        Ordered.decide(
            new Ordered.Seen(set, List.of(), List.of(orphan), false, Map.of(), Optional.empty()),
            NOW);
    assertThat(plan.changes())
        .singleElement()
        .isInstanceOfSatisfying(
            Change.Update.class,
            u -> assertThat(u.after().metadata().ownerReferences()).hasSize(1));
  }

  @ParameterizedTest
  @CsvSource({"db-0, 0", "db-17, 17", "db-01, -1", "db-x, -1", "db, -1", "other-0, -1"})
  void aPodsNumberIsInItsName(String name, int ordinal) {
    StatefulSet set = set("OrderedReady", 1, s -> s);
    Pod pod = Pod.builder().metadata(Make.meta(name)).build();
    assertThat(Identity.ordinal(set, pod).orElse(-1)).isEqualTo(ordinal);
  }
}
