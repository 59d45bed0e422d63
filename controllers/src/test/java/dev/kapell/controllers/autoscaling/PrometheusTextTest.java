package dev.kapell.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.selector.LabelQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusTextTest {
  private static final String PAGE =
      """
      # HELP queue_length What waits.
      # TYPE queue_length gauge
      queue_length{queue="a",note="x \\"y\\", z}"} 3
      queue_length{queue="b"} 4.5 1700000000000
      queue_length_max 99
      # TYPE hits_total counter
      hits_total 1e3
      plain 7
      broken{queue="a 1
      nothing NaN
      endless +Inf
      """;

  @ParameterizedTest(name = "{0} {1} is {2}")
  @CsvSource({
    "queue_length, '', 7.5",
    "queue_length, queue=a, 3",
    "queue_length, queue!=a, 4.5",
    "queue_length, queue=c, NaN",
    "queue_length_max, '', 99",
    "queue, '', NaN",
    "plain, '', 7",
    "broken, '', NaN",
    "nothing, '', NaN",
    "endless, '', NaN",
    "hits_total, '', 1000",
  })
  void sumsTheSeriesThatMatch(String metric, String labels, double sum) {
    PrometheusText found = PrometheusText.read(PAGE, metric, LabelQuery.parse(labels));
    assertThat(found.value()).isEqualTo(Double.valueOf(sum));
    assertThat(found.isThere()).isEqualTo(!Double.isNaN(sum));
  }

  @Test
  void knowsCounters() {
    assertThat(PrometheusText.read(PAGE, "hits_total", LabelQuery.EVERYTHING).counter()).isTrue();
    assertThat(PrometheusText.read(PAGE, "queue_length", LabelQuery.EVERYTHING).counter())
        .isFalse();
  }
}
