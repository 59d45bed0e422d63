package dev.kapell.controllers.protection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.controllers.world.Make;
import dev.kapell.controllers.world.World;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinalizerTest {
  private static final String NAME = "kubernetes.io/pvc-protection";

  @ParameterizedTest(name = "held {0}, going {1}, pod {2} on {3}: held {4}")
  @CsvSource({
    "false, false, '', '', true",
    "true, false, '', '', true",
    "true, true, '', '', false",
    "true, true, Running, n1, true",
    "true, true, Pending, n1, true",
    "true, true, Pending, '', false",
    "true, true, Succeeded, n1, false",
    "true, true, Failed, n1, false",
    "false, true, Running, n1, false",
  })
  void aClaimIsHeldWhileItIsWantedOrUsed(
      boolean held, boolean going, String phase, String node, boolean after) {
    World world = new World();
    PersistentVolumeClaim claim =
        PersistentVolumeClaim.builder()
            .metadata(
                Make.meta("data")
                    .withFinalizers(held ? List.of("example.com/other", NAME) : List.of())
                    .withDeletionTimestamp(going ? world.now() : null))
            .build();
    PersistentVolumeClaim made = world.create(Types.PERSISTENT_VOLUME_CLAIM, claim);
    Pod pod = Pod.builder().metadata(Make.meta("p")).build();
    Pod user =
        pod.withSpec(PodSpec.builder().nodeName(node.isEmpty() ? null : node).build())
            .withStatus(pod.status().withPhase(phase));
    List<Pod> pods = phase.isEmpty() ? List.of() : List.of(user);
    world.apply(ClaimProtectionController.next(new ClaimProtectionController.Seen(made, pods)));
    List<String> finalizers =
        world.get(Types.PERSISTENT_VOLUME_CLAIM, "default", "data").metadata().finalizers();
    assertThat(finalizers.contains(NAME)).isEqualTo(after);
    assertThat(finalizers.contains("example.com/other")).isEqualTo(held);
  }
}
