package dev.kapell.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetSpec;
import dev.kapell.client.ApiFailure;
import dev.kapell.controllers.world.Make;
import org.junit.jupiter.api.Test;

/** StatefulSets and their revisions. */
class StatefulSetsTest extends ClusterTest {
  @Test
  void aStatefulSetComesUpInOrderAndIsUpdatedFromTheTop() throws Exception {
    StatefulSet set =
        StatefulSet.builder()
            .metadata(Make.meta("db"))
            .spec(
                StatefulSetSpec.builder()
                    .replicas(3)
                    .serviceName("db")
                    .selector(Make.selector("db"))
                    .template(bound(Make.template("db", "db:1")))
                    .build())
            .build();
    client.create(Types.STATEFUL_SET, set);
    await("the first pod", () -> list(Types.POD).size() == 1);
    assertThat(list(Types.POD).getFirst().metadata().name()).isEqualTo("db-0");
    awaitReady("db:1", 3);
    await(
        "the edit",
        () -> {
          try {
            StatefulSet now = client.get(Types.STATEFUL_SET, key("db"));
            client.update(
                Types.STATEFUL_SET,
                now.withSpec(now.spec().withTemplate(bound(Make.template("db", "db:2")))));
            return true;
          } catch (ApiFailure e) {
            return false;
          }
        });
    awaitReady("db:2", 3);
    await(
        "the revisions agree",
        () -> {
          var status = client.get(Types.STATEFUL_SET, key("db")).status();
          return status.updatedReplicasOr(0) == 3
              && status.currentRevisionOr("a").equals(status.updateRevisionOr("b"));
        });
    assertThat(list(Types.CONTROLLER_REVISION)).hasSize(2);
  }
}
