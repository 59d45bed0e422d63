package dev.kapell.controllers;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.DaemonSetSpec;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeCondition;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.controllers.world.Make;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DaemonSets on nodes. */
class DaemonSetsTest extends ClusterTest {
  @Test
  void aDaemonSetHasAPodOnEachNodeThatFits() throws Exception {
    for (String name : List.of("n1", "n2", "n3")) {
      Node node =
          client.create(
              Types.NODE,
              Node.builder()
                  .metadata(
                      ObjectMeta.builder()
                          .name(name)
                          .labels(Map.of("disk", name.equals("n3") ? "slow" : "fast"))
                          .build())
                  .build());
      tellReady(node);
    }
    PodTemplateSpec template = Make.template("agent", "agent:1");
    client.create(
        Types.DAEMON_SET,
        DaemonSet.builder()
            .metadata(Make.meta("agent"))
            .spec(
                DaemonSetSpec.builder()
                    .selector(Make.selector("agent"))
                    .template(
                        template.withSpec(template.spec().withNodeSelector(Map.of("disk", "fast"))))
                    .build())
            .build());
    awaitReady("agent:1", 2);
    await(
        "the status",
        () -> {
          var status = client.get(Types.DAEMON_SET, key("agent")).status();
          return status.desiredNumberScheduledOr(0) == 2 && status.numberReadyOr(0) == 2;
        });
  }

  private void tellReady(Node node) throws InterruptedException {
    NodeCondition ready = NodeCondition.builder().type("Ready").status("True").build();
    await(
        "the node's status",
        () -> {
          try {
            Node now = client.get(Types.NODE, ObjectKey.of(node));
            client.updateStatus(
                Types.NODE, now.withStatus(now.status().withConditions(List.of(ready))));
            return true;
          } catch (ApiFailure e) {
            return false;
          }
        });
  }
}
