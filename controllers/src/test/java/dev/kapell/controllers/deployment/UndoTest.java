package dev.kapell.controllers.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentCondition;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.controllers.replicaset.ReplicaSetSteps;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images that begin with {@code bad} never get ready. */
class UndoTest {
  private final World world = new World();

  @BeforeEach
  void oneGoodVersion() {
    world.create(
        Types.DEPLOYMENT,
        Deployment.builder()
            .metadata(Make.meta("web").withAnnotations(Map.of(Undo.WANTED, "true")))
            .spec(
                DeploymentSpec.builder()
                    .replicas(3)
                    .selector(Make.selector("web"))
                    .template(Make.template("web", "good:1"))
                    .progressDeadlineSeconds(60)
                    .build())
            .build());
    settle();
    assertThat(image()).isEqualTo("good:1");
  }

  private Deployment deployment() {
    return world.get(Types.DEPLOYMENT, "default", "web");
  }

  private String image() {
    return deployment().spec().template().spec().containers().getFirst().imageOr("");
  }

  private void edit(UnaryOperator<Deployment> edit) {
    Deployment after = edit.apply(deployment());
    long generation = after.metadata().generationOr(1L) + 1;
    world.put(Types.DEPLOYMENT, after.withMetadata(after.metadata().withGeneration(generation)));
  }

  private void apply(String image) {
    edit(d -> d.withSpec(d.spec().withTemplate(Make.template("web", image))));
  }

  private void annotate(String key, String value) {
    edit(
        d -> {
          Map<String, String> annotations = new LinkedHashMap<>(d.metadata().annotations());
          annotations.put(key, value);
          return d.withMetadata(d.metadata().withAnnotations(annotations));
        });
  }

  /** Everybody does what there is to do, while {@code seconds} pass. */
  private void pass(int seconds) {
    for (int i = 0; i < seconds; i += 5) {
      world.pass(5);
      settle();
    }
  }

  private void settle() {
    for (int round = 0; round < 30; round++) {
      world.apply(Rollout.decide(seen(), world.now()));
      for (ReplicaSet set : world.all(Types.REPLICA_SET)) {
        ReplicaSetSteps.step(world, set);
      }
      for (Pod pod : world.pods()) {
        boolean good = pod.spec().containers().getFirst().imageOr("").startsWith("good");
        if (good && !Pods.isReady(pod)) {
          world.put(Types.POD, Make.ready(pod, world.now()));
        }
      }
    }
  }

  private Rollout.Seen seen() {
    Optional<ReplicaSet> namesake =
        world.find(Types.REPLICA_SET, "default", Rollout.currentName(deployment()));
    return new Rollout.Seen(
        deployment(), world.all(Types.REPLICA_SET), world.pods(), namesake, Optional.empty());
  }

  private String condition(String type) {
    return Conditions.find(deployment().status().conditions(), type)
        .map((DeploymentCondition c) -> c.statusOr("") + " " + c.reasonOr(""))
        .orElse("");
  }

  @Test
  void aRolloutThatFailsIsUndoneByItself() {
    apply("bad:2");
    pass(50);
    assertThat(image()).as("before the deadline").isEqualTo("bad:2");
    pass(60);
    assertThat(image()).isEqualTo("good:1");
    assertThat(condition(Undo.CONDITION)).isEqualTo("True ProgressDeadlineExceeded");
    assertThat(condition(Conditions.PROGRESSING)).isEqualTo("True NewReplicaSetAvailable");
    assertThat(world.told())
        .filteredOn(t -> t.startsWith("DeploymentRollback"))
        .containsExactly(
            "DeploymentRollback revision 2 was not available within 60 s; back to the template of"
                + " revision 1");
    assertThat(deployment().status().availableReplicas()).isEqualTo(3);
    assertThat(deployment().metadata().annotations()).containsEntry(Undo.WANTED, "true");
    apply("good:3");
    settle();
    assertThat(condition(Undo.CONDITION)).as("another template, another chance").isEmpty();
    assertThat(deployment().metadata().annotations()).doesNotContainKeys(Undo.TO, Undo.BECAUSE);
  }

  @Test
  void theLastRevisionThatWasCompleteIsGoneBackTo() {
    apply("bad:2");
    pass(20);
    apply("bad:3");
    pass(110);
    assertThat(image()).isEqualTo("good:1");
  }

  @Test
  void theSameFailureTwiceIsUndoneTwice() {
    apply("bad:2");
    pass(110);
    apply("bad:2");
    pass(110);
    assertThat(image()).isEqualTo("good:1");
    assertThat(world.told()).filteredOn(t -> t.startsWith("DeploymentRollback")).hasSize(2);
  }

  @Test
  void nobodyAskedNothingIsUndone() {
    annotate(Undo.WANTED, "false");
    apply("bad:2");
    pass(200);
    assertThat(image()).isEqualTo("bad:2");
    assertThat(condition(Conditions.PROGRESSING)).isEqualTo("False ProgressDeadlineExceeded");
  }

  @Test
  void aWayBackThatFailsTooIsNotUndoneForEver() {
    apply("bad:2");
    pass(60);
    edit(d -> d.withSpec(d.spec().withReplicas(3)));
    for (Pod pod : world.pods()) {
      world.put(Types.POD, Make.unready(pod, world.now()));
    }
    pass(300);
    assertThat(world.told()).filteredOn(t -> t.startsWith("DeploymentRollback")).hasSize(1);
  }

  @Test
  void theFirstRolloutThatFailsHasNowhereToGo() {
    World empty = new World();
    Deployment bad =
        deployment()
            .withStatus(deployment().status())
            .withSpec(deployment().spec().withTemplate(Make.template("web", "bad:1")));
    assertThat(Undo.changes(new Fleet(bad, Optional.empty(), java.util.List.of()))).isEmpty();
    assertThat(empty.pods()).isEmpty();
  }

  @Test
  void anOldClientAsksForARevisionInAnAnnotation() {
    apply("good:2");
    settle();
    apply("good:3");
    settle();
    annotate(Undo.ASKED, "1");
    settle();
    assertThat(image()).isEqualTo("good:1");
    assertThat(deployment().metadata().annotations()).doesNotContainKey(Undo.ASKED);
    annotate(Undo.ASKED, "0");
    settle();
    assertThat(image()).as("0 is the last but the present one").isEqualTo("good:3");
    annotate(Undo.ASKED, "77");
    settle();
    assertThat(world.told().getLast())
        .isEqualTo(
            "DeploymentRollbackRevisionNotFound Unable to find the revision to rollback to.");
  }
}
