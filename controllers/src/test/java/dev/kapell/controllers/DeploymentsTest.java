package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.client.ApiFailure;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.world.Make;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Deployments and their ReplicaSets. */
class DeploymentsTest extends ClusterTest {
  @Test
  void aDeploymentIsRolledOutUndoneScaledAndDeleted() throws Exception {
    client.create(Types.DEPLOYMENT, web(3));
    awaitReady("web:1", 3);
    await("progress", () -> reason("Progressing").equals("NewReplicaSetAvailable"));
    assertThat(reason("Available")).isEqualTo("MinimumReplicasAvailable");
    edit(d -> d.withSpec(d.spec().withTemplate(bound(Make.template("web", "web:2")))));
    awaitReady("web:2", 3);
    edit(
        d ->
            d.withSpec(
                d.spec().withTemplate(bound(Make.template("web", "web:1"))).withReplicas(5)));
    awaitReady("web:1", 5);
    assertThat(list(Types.REPLICA_SET)).hasSize(2);
    await(
        "revision 3",
        () ->
            "3"
                .equals(
                    deployment()
                        .metadata()
                        .annotations()
                        .get("deployment.kubernetes.io/revision")));
    client.delete(Types.DEPLOYMENT, key("web"), DeleteOptions.builder().build());
    await(
        "everything is gone",
        () -> {
          finishDeletions();
          return list(Types.POD).isEmpty() && list(Types.REPLICA_SET).isEmpty();
        });
  }

  @Test
  void aDeploymentDeletedInTheForegroundGoesLastAndOrphansStay() throws Exception {
    client.create(Types.DEPLOYMENT, web(2));
    awaitReady("web:1", 2);
    client.delete(
        Types.DEPLOYMENT, key("web"), DeleteOptions.builder().propagationPolicy("Orphan").build());
    await("the deployment is gone", () -> list(Types.DEPLOYMENT).isEmpty());
    ReplicaSet orphan = list(Types.REPLICA_SET).getFirst();
    assertThat(orphan.metadata().ownerReferences()).isEmpty();
    client.create(Types.DEPLOYMENT, web(2));
    await(
        "adoption",
        () -> !list(Types.REPLICA_SET).getFirst().metadata().ownerReferences().isEmpty());
    assertThat(list(Types.REPLICA_SET)).hasSize(1);
    client.delete(
        Types.DEPLOYMENT,
        key("web"),
        DeleteOptions.builder().propagationPolicy("Foreground").build());
    await("pods go first", () -> list(Types.POD).stream().allMatch(Pods::isTerminating));
    assertThat(list(Types.DEPLOYMENT)).hasSize(1);
    await(
        "everything is gone",
        () -> {
          finishDeletions();
          return list(Types.POD).isEmpty() && list(Types.DEPLOYMENT).isEmpty();
        });
  }

  private Deployment deployment() {
    return client.get(Types.DEPLOYMENT, key("web"));
  }

  private String reason(String type) {
    return deployment().status().conditions().stream()
        .filter(c -> c.typeOr("").equals(type))
        .map(c -> c.reasonOr(""))
        .findFirst()
        .orElse("");
  }

  private void edit(UnaryOperator<Deployment> edit) throws Exception {
    await(
        "the edit",
        () -> {
          try {
            client.update(Types.DEPLOYMENT, edit.apply(deployment()));
            return true;
          } catch (ApiFailure e) {
            return false;
          }
        });
  }
}
