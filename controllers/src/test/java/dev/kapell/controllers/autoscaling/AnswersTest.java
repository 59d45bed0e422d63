package dev.kapell.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");

  private static final byte[] USAGE =
      json(
          """
          {"items":[
            {"metadata":{"name":"a"},"timestamp":"2026-01-01T12:00:00Z","window":"1m30s","containers":[
              {"name":"main","usage":{"cpu":"250m","memory":"64Mi"}},
              {"name":"side","usage":{"cpu":"50000000n","memory":"1Mi"}}]},
            {"metadata":{"name":"b"},"timestamp":"2026-01-01T12:00:00Z","window":"15s","containers":[
              {"name":"main","usage":{"memory":"1Mi"}}]}]}
          """);

  @Test
  void usageIsTheSumOfAllContainersOrThatOfOne() {
    assertThat(Answers.usage(USAGE, "cpu", ""))
        .isEqualTo(Map.of("a", new Sample(300, AT, Duration.ofSeconds(90))));
    assertThat(Answers.usage(USAGE, "memory", "main"))
        .containsEntry("a", new Sample((64L << 20) * 1000, AT, Duration.ofSeconds(90)))
        .containsKey("b");
    assertThatThrownBy(() -> Answers.usage(USAGE, "memory", "side"))
        .hasMessage("container side not present in metrics for pod b");
  }

  @Test
  void valuesOfObjectsAndOfNothingInParticular() {
    byte[] values =
        json(
            """
            {"items":[{"describedObject":{"name":"a"},"timestamp":"2026-01-01T12:00:00Z","windowSeconds":30,"value":"1500m"},
                      {"describedObject":{"name":"b"},"timestamp":"2026-01-01T12:00:00Z","value":"2k"}]}
            """);
    assertThat(Answers.values(values))
        .isEqualTo(
            Map.of(
                "a", new Sample(1500, AT, Duration.ofSeconds(30)),
                "b", new Sample(2_000_000, AT, Duration.ofMinutes(1))));
    assertThat(Answers.sum(values)).hasValue(2_001_500);
    assertThat(Answers.sum(json("{\"items\":[]}"))).isEmpty();
  }

  @Test
  void otherShapesAreRefused() {
    assertThatThrownBy(() -> Answers.values(json("[]")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Answers.sum(json("{\"items\":[{\"value\":\"much\"}]}")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
