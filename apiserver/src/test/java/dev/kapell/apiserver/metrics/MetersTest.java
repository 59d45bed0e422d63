package dev.kapell.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetersTest {
  @Test
  void whatIsRegisteredIsShownInTheFormThatPrometheusReads() {
    Meters meters = new Meters();
    Counter counter = meters.counter("requests_total", "Requests.\nAll \\ of them.", "who", "what");
    counter.increment("a\"b", "c\\d\ne");
    counter.add(2, "", "x");
    Histogram histogram = meters.histogram("wait_seconds", "Waits.", new double[] {0.1, 1}, "q");
    histogram.observe(0.1, "a");
    histogram.observe(0.5, "a");
    histogram.observe(7, "a");
    meters.gauge("now", "Now.", List.of(), values -> values.add(1.5));
    Exposition text = Exposition.parse(meters.text());
    assertThat(text.types())
        .containsEntry("requests_total", "counter")
        .containsEntry("wait_seconds", "histogram")
        .containsEntry("now", "gauge");
    assertThat(text.value("requests_total")).isEqualTo(3);
    assertThat(text.value("wait_seconds_bucket", "le=\"0.1\"")).isEqualTo(1);
    assertThat(text.value("wait_seconds_bucket", "le=\"1\"")).isEqualTo(2);
    assertThat(text.value("wait_seconds_count")).isEqualTo(3);
    assertThat(text.value("wait_seconds_sum")).isEqualTo(7.6);
    assertThat(text.value("now")).isEqualTo(1.5);
  }

  @Test
  void aNameIsTakenOnceAndLabelsHaveToFit() {
    Meters meters = new Meters();
    Counter counter = meters.counter("a_total", "A.", "label");
    assertThatThrownBy(() -> meters.counter("a_total", "A."))
        .hasMessageContaining("two metrics are called a_total");
    assertThatThrownBy(() -> counter.increment("x", "y")).hasMessageContaining("1 labels");
  }

  @Test
  void seriesAreBounded() {
    Meters meters = new Meters();
    Counter counter = meters.counter("a_total", "A.", "label");
    for (int i = 0; i < 20_000; i++) {
      counter.increment("v" + i);
    }
    Exposition text = Exposition.parse(meters.text());
    assertThat(text.value("a_total")).isEqualTo(20_000);
    assertThat(text.value("a_total", "label=\"other\"")).isEqualTo(10_000);
  }
}
