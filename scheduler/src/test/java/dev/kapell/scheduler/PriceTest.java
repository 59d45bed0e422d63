package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {
  /** Pods written as {@code priority@start}, without a start when they have not started. */
  private static Price price(int violations, String victims) {
    List<Pod> pods =
        Arrays.stream(victims.split(" ", -1))
            .filter(text -> !text.isEmpty())
            .map(PriceTest::pod)
            .toList();
    return Price.of(pods, violations);
  }

  private static Pod pod(String text) {
    String[] parts = text.split("@", -1);
    Pod pod =
        Pod.builder().spec(PodSpec.builder().priority(Integer.valueOf(parts[0])).build()).build();
    return parts.length == 1
        ? pod
        : pod.withStatus(
            PodStatus.builder().startTime(Instant.ofEpochSecond(Long.parseLong(parts[1]))).build());
  }

  @ParameterizedTest(name = "{0}: {1} of \"{2}\" before {3} of \"{4}\"")
  @CsvSource({
    "a budget is worth more than any priority, 0, 1000000000, 1, -5",
    "the least important of the most important, 0, 3 3 3, 0, 4",
    "then the least sum, 0, 5 1, 0, 5 2",
    "even the least priority counts, 0, 5, 0, 5 -2147483648",
    "the largest sums do not overflow, 0, 2147483647, 0, 2147483647 2147483647",
    "the latest start, 0, 5@200, 0, 5@100",
    "of the most important ones the first start, 0, 5@200 4@50, 0, 5@100 4@400",
    "who has not started is the latest, 0, 5, 0, 5@100",
    "nobody goes, 0, '', 0, -2147483648",
  })
  void thisIsCheaper(String why, int lessViolations, String less, int moreViolations, String more) {
    Price cheap = price(lessViolations, less);
    Price dear = price(moreViolations, more);
    assertThat(cheap).as(why).isLessThan(dear);
    assertThat(dear).as(why).isGreaterThan(cheap);
    assertThat(cheap).isEqualByComparingTo(price(lessViolations, less));
  }

  @Test
  void theOrderOfVictimsDoesNotMatter() {
    List<Pod> pods = new ArrayList<>(List.of(pod("5@7"), pod("5@3"), pod("1@9"), pod("5")));
    Price expected = Price.of(pods, 1);
    Random random = new Random(1);
    for (int i = 0; i < 24; i++) {
      Collections.shuffle(pods, random);
      assertThat(Price.of(pods, 1)).isEqualTo(expected);
    }
  }
}
