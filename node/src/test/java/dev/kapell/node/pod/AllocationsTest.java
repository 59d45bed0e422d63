package dev.kapell.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.node.plan.Allocation;
import dev.kapell.node.plan.ResizeRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AllocationsTest {
  private final Allocations allocations = new Allocations(new ResizeRoom(2000, 1L << 30));
  private final List<String> woken = new ArrayList<>();

  private static Pod pod(String name, int priority, String cpu) {
    ResourceRequirements resources =
        ResourceRequirements.EMPTY.withRequests(Map.of("cpu", Quantity.parse(cpu)));
    Container app = Container.builder().name("app").resources(resources).build();
    return Pod.EMPTY
        .withMetadata(ObjectMeta.EMPTY.withName(name).withUid(name))
        .withSpec(PodSpec.EMPTY.withContainers(List.of(app)).withPriority(priority));
  }

  /** What the pod has, and why it has no more. */
  private String review(Pod pod) {
    String name = pod.metadata().nameOr("");
    return words(allocations.review(pod, () -> woken.add(name)));
  }

  private static String words(Allocation given) {
    var resources = given.resources().get("app");
    var pending = given.pending();
    return (resources == null ? "" : resources.requests().get("cpu"))
        + (pending == null ? "" : " " + pending.reason());
  }

  @Test
  void nothingIsDecidedBeforeAllPodsAreKnown() {
    review(pod("a", 0, "500m"));
    assertThat(review(pod("a", 0, "1"))).isEqualTo("500m");
    allocations.open();
    assertThat(woken).containsExactly("a");
    assertThat(review(pod("a", 0, "1"))).isEqualTo("1");
  }

  @Test
  void roomIsGivenToOnePodOnlyAndGoesToTheMostImportantFirst() {
    allocations.open();
    for (String name : List.of("a", "b", "c", "d")) {
      review(pod(name, name.equals("c") ? 10 : 0, "500m"));
    }
    assertThat(review(pod("a", 0, "900m"))).isEqualTo("500m Deferred");
    assertThat(review(pod("b", 0, "900m"))).isEqualTo("500m Deferred");
    assertThat(review(pod("c", 10, "900m"))).isEqualTo("500m Deferred");
    woken.clear();
    allocations.release(pod("d", 0, "500m"));
    assertThat(woken).as("c is more important; the rest still do not fit").contains("c");
    assertThat(review(pod("c", 10, "900m"))).isEqualTo("900m");
    assertThat(review(pod("a", 0, "900m"))).isEqualTo("500m Deferred");
    assertThat(review(pod("c", 10, "100m"))).as("takes less").isEqualTo("100m");
    assertThat(review(pod("a", 0, "900m"))).as("waited longer").isEqualTo("900m");
    assertThat(review(pod("b", 0, "900m"))).isEqualTo("900m");
  }

  @Test
  void whoTakesTheWishBackWaitsNoMore() {
    allocations.open();
    review(pod("a", 0, "500m"));
    assertThat(review(pod("a", 0, "3"))).isEqualTo("500m Infeasible");
    assertThat(review(pod("a", 0, "500m"))).isEqualTo("500m");
    assertThat(review(pod("a", 0, "2"))).isEqualTo("2");
  }
}
