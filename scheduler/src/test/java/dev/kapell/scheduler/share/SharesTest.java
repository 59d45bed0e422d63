package dev.kapell.scheduler.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.resource.Quantity;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharesTest {
  private final ResourceNames names = new ResourceNames();
  private final Shares shares = new Shares(names);

  private Demand demand(String cpu, String memory) {
    return Demand.of(
        Pod.builder()
            .spec(
                PodSpec.builder()
                    .containers(
                        List.of(
                            Container.builder()
                                .resources(
                                    ResourceRequirements.builder()
                                        .requests(
                                            Map.of(
                                                "cpu",
                                                Quantity.parse(cpu),
                                                "memory",
                                                Quantity.parse(memory)))
                                        .build())
                                .build()))
                    .build())
            .build(),
        names);
  }

  private void total(String cpu, String memory) {
    shares.total(
        names.columns(
            Map.of(
                "cpu", Quantity.parse(cpu),
                "memory", Quantity.parse(memory),
                "pods", Quantity.of(1000))));
  }

  private static Queue queue(String name, double weight) {
    return new Queue(name, weight, Map.of(), Map.of());
  }

  @Test
  void theShareIsTheLargestPartOfAnyResource() {
    total("9", "18Gi");
    shares.define(queue("a", 1));
    shares.define(queue("b", 1));
    // The example of the paper on dominant resource fairness: 1 cpu and 4 Gi against 3 cpu and 1
    // Gi.
    for (int i = 0; i < 3; i++) {
      shares.account("a", demand("1", "4Gi"), 1);
    }
    for (int i = 0; i < 2; i++) {
      shares.account("b", demand("3", "1Gi"), 1);
    }

    assertThat(shares.share("a")).isEqualTo(12.0 / 18, within(1e-9));
    assertThat(shares.share("b")).isEqualTo(6.0 / 9, within(1e-9));
  }

  @Test
  void theWeightDividesTheShare() {
    total("10", "10Gi");
    shares.define(queue("a", 2));
    shares.account("a", demand("4", "1Gi"), 1);

    assertThat(shares.share("a")).isEqualTo(0.2, within(1e-9));
  }

  @Test
  void whatComesBackIsTakenOff() {
    total("10", "10Gi");
    shares.account("a", demand("4", "1Gi"), 1);
    shares.account("a", demand("4", "1Gi"), -1);

    assertThat(shares.share("a")).isZero();
  }

  @Test
  void withoutAGuaranteeAQueueIsEntitledToItsPartByWeight() {
    total("8", "80Gi");
    shares.define(queue("a", 3));
    shares.define(queue("b", 1));
    shares.account("a", demand("5", "1Gi"), 1);

    assertThat(shares.isEntitled("a", demand("1", "1Gi"))).isTrue();
    assertThat(shares.isEntitled("a", demand("2", "1Gi"))).isFalse();
    assertThat(shares.isEntitled("b", demand("2", "1Gi"))).isTrue();
    assertThat(shares.isEntitled("nobody", demand("1", "1Gi"))).isFalse();
  }

  @Test
  void aGuaranteeCountsForTheResourcesThatItNames() {
    total("8", "80Gi");
    shares.define(new Queue("a", 1, Map.of("cpu", Quantity.parse("2")), Map.of()));
    shares.define(queue("b", 1));
    shares.account("b", demand("7", "1Gi"), 1);

    assertThat(shares.isEntitled("a", demand("2", "70Gi"))).isTrue();
    assertThat(shares.isEntitled("a", demand("3", "1Gi"))).isFalse();
    assertThat(shares.isBorrowing("b", demand("2", "1Gi"))).isTrue();
    assertThat(shares.isBorrowing("a", demand("2", "1Gi"))).isFalse();
  }

  @Test
  void aLimitIsNeverExceeded() {
    total("8", "80Gi");
    shares.define(new Queue("a", 1, Map.of(), Map.of("cpu", Quantity.parse("2"))));
    shares.account("a", demand("1500m", "1Gi"), 1);

    assertThat(shares.exceeded("a", demand("500m", "1Gi"))).isEmpty();
    assertThat(shares.exceeded("a", demand("600m", "1Gi"))).contains("cpu");
  }
}
