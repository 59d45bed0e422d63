package dev.kapell.scheduler.gang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GangTest {
  private static Gang.Reading read(
      @Nullable String name, @Nullable String size, @Nullable String timeout) {
    Map<String, String> annotations = new LinkedHashMap<>();
    put(annotations, BatchMarks.GANG, name);
    put(annotations, BatchMarks.GANG_SIZE, size);
    put(annotations, BatchMarks.GANG_TIMEOUT, timeout);
    return Gang.read(
        Pod.builder()
            .metadata(ObjectMeta.builder().namespace("lab").annotations(annotations).build())
            .build());
  }

  private static void put(Map<String, String> map, String key, @Nullable String value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  @Test
  void aPodWithoutAnnotationsIsInNone() {
    assertThat(read(null, null, null)).isEqualTo(new Gang.Reading.None());
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "5m, 300", "1h, 3600", ", 300"})
  void aMemberNamesItsGang(@Nullable String timeout, long seconds) {
    assertThat(read("train", "4", timeout))
        .isEqualTo(
            new Gang.Reading.Member(
                new Gang(new ObjectKey("lab", "train"), 4, Duration.ofSeconds(seconds))));
  }

  @ParameterizedTest
  @CsvSource({
    ", 4, , gang is missing",
    "'', 4, , gang is empty",
    "g, , , gang-size must be",
    "g, 0, , gang-size must be",
    "g, -1, , gang-size must be",
    "g, four, , gang-size must be",
    "g, 999999, , gang-size must be",
    "g, 4, 5, gang-timeout must be",
    "g, 4, 0s, gang-timeout must be",
    "g, 4, soon, gang-timeout must be"
  })
  void whatCannotBeReadIsSaid(
      @Nullable String name, @Nullable String size, @Nullable String timeout, String message) {
    assertThat(read(name, size, timeout))
        .isInstanceOfSatisfying(
            Gang.Reading.Invalid.class, invalid -> assertThat(invalid.message()).contains(message));
  }
}
