package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.client.ApiFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind's bad input, from {@code kind-cases.txt}. */
class KindCasesTest {
  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  static Stream<Arguments> cases() throws IOException {
    return read("kind-cases.txt", 3);
  }

  /** The lines of a table, each in {@code columns} cells. */
  static Stream<Arguments> read(String file, int columns) throws IOException {
    try (InputStream in = KindCasesTest.class.getResourceAsStream(file)) {
      String text =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
              .replace("{n}", "metadata: {name: x}")
              .replace(
                  "{t}",
                  "{metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: i}]}}")
              .replace("{p}", "{name: main, image: i}");
      return text
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(Pattern.quote(" | "), columns))
          .map(cells -> Arguments.of((Object[]) cells))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBodyIsRefusedByField(String resource, String body, String message) {
    if (message.equals("ok")) {
      assertThat(api.at(resource).create("{" + body + "}").child("metadata").text("uid"))
          .isNotEmpty();
      return;
    }
    assertThatThrownBy(() -> api.at(resource).create("{" + body + "}"))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining(message)
        .satisfies(failure -> assertThat(((ApiFailure) failure).code()).isEqualTo(422));
  }
}
