package dev.kapell.apiserver.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracingOptionsTest {
  private static TracingOptions read(String fields) {
    return TracingOptions.parse(
        "traces.yaml",
        "apiVersion: apiserver.config.k8s.io/v1\nkind: TracingConfiguration\n" + fields);
  }

  @Test
  void withoutAWordNothingIsSampledAndTheCollectorIsOnThisMachine() {
    TracingOptions options = read("");
    assertThat(options.collector()).hasToString("http://localhost:4318/v1/traces");
    assertThat(options.samplesPerMillion()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "https://otel.example:4318, https://otel.example:4318/v1/traces",
    "http://otel.example/, http://otel.example/v1/traces",
    "http://otel.example/my/path?a=b, http://otel.example/my/path?a=b",
  })
  void theCollectorIsAUrl(String endpoint, String collector) {
    assertThat(read("endpoint: " + endpoint).collector()).hasToString(collector);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "endpoint: localhost:4317 | OTLP over gRPC (host:4317) is not spoken",
        "endpoint: ftp://localhost | must be the URL of a collector",
        "endpoint: http://me:secret@localhost | must be the URL of a collector",
        "endpoint: 'http://a b' | endpoint is no URL",
        "endpoint: 1 | endpoint must be a text",
        "samplingRatePerMillion: -1 | must be a whole number from 0 to 1000000",
        "samplingRatePerMillion: 1000001 | must be a whole number from 0 to 1000000",
        "samplingRatePerMillion: all | must be a whole number from 0 to 1000000",
        "samplingRatePerMillion: 0.5 | must be a whole number from 0 to 1000000",
        "sampling: 1 | sampling",
      })
  void whatMakesNoSenseIsRefused(String field, String message) {
    assertThatThrownBy(() -> read(field)).hasMessageContainingAll("traces.yaml", message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-more",
      })
  void aTraceparentIsRead(String header) {
    TraceContext context = TraceContext.parse(header).orElseThrow();
    assertThat(context.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(context.spanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(context.sampled()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e47é6-00f067aa0ba902b7-01",
      })
  void whatIsNoTraceparentCountsForNothing(String header) {
    assertThat(TraceContext.parse(header)).isEmpty();
  }
}
