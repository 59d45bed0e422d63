package dev.kapell.api.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  static List<Arguments> scalars() {
    return List.of(
        Arguments.of("yes", true),
        Arguments.of("off", false),
        Arguments.of("'yes'", "yes"),
        Arguments.of("0777", 511L),
        Arguments.of("0x1f", 31L),
        Arguments.of("42", 42L),
        Arguments.of("9007199254740993", 9007199254740993L),
        Arguments.of("1.5", 1.5),
        Arguments.of("1e3", 1000.0),
        Arguments.of("2026-11-21", "2026-11-21"),
        Arguments.of("2026-11-21T08:00:00Z", "2026-11-21T08:00:00Z"),
        Arguments.of("22:22", "22:22"),
        Arguments.of("8080:80", "8080:80"),
        Arguments.of("1.2.3", "1.2.3"),
        Arguments.of("1Gi", "1Gi"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scalars")
  void scalarsAreReadAsKubernetesReadsThem(String text, Object value) {
    assertThat(Yaml.document("a: " + text)).isEqualTo(Map.of("a", value));
  }

  @Test
  void severalDocumentsComeInOrder() {
    assertThat(Yaml.documents("a: 1\n---\nb: 2\n---\n"))
        .startsWith(Map.of("a", 1L), Map.of("b", 2L));
  }

  @Test
  void anAnchorIsMerged() {
    assertThat(Yaml.document("base: &b {x: 1}\nc: {<<: *b, y: 2}"))
        .isEqualTo(Map.of("base", Map.of("x", 1L), "c", Map.of("x", 1L, "y", 2L)));
  }

  @Test
  void aKeyGivenTwiceIsRefusedWithItsLine() {
    assertThatThrownBy(() -> Yaml.document("a: 1\nb: 2\na: 3\n"))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("a");
  }

  @Test
  void brokenTextIsRefusedWithItsLine() {
    assertThatThrownBy(() -> Yaml.document("a: 1\nb: [1, 2\nc: 3\n"))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("line");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: !!binary AA?=",
        "a: !!int x",
        "a: !!int ''",
        "a: !!int -",
        "a: !!float x",
        "a: !!float ''",
        "a: !!bool x",
        "a: !!timestamp x",
        "a: !!timestamp 2001-99-99",
        "a: !!null x",
        "a: !!set {b, c}",
        "a: !!omap [b: c]",
        "a: !!pairs [b: c]",
        "a: !!merge x",
        "a: !!str [b]",
        "a: !!map [b]",
        "a: !!seq {b: c}",
        "a: !!java.net.URL x",
        "a: .inf",
        "a: .nan",
        "a: 0b",
        "a: 0x",
        "a: 1:99",
        "a: 190:20:30.15",
        "a: +",
        "a: 1e999",
        "? [a, b]\n: c",
        "? {a: b}\n: c",
        "? !!binary AAAA\n: c",
      })
  void whatATagMeansIsReadOrRefusedInASentence(String text) {
    try {
      Object tree = Yaml.document(text);
      assertThat(JsonCodec.readTree(JsonCodec.writeTree(tree))).isEqualTo(tree);
    } catch (DecodeException refused) {
      assertThat(refused).hasMessageContaining("yaml: ");
    }
  }

  @Test
  void manyAliasesAreRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 150; i++) {
      bomb.append("a").append(i).append(": [*a0, *a0]\n");
    }
    assertThatThrownBy(() -> Yaml.document(bomb.toString())).isInstanceOf(DecodeException.class);
  }

  @Test
  void aTreeIsWrittenAndComesBack() {
    Object tree = Yaml.document("{a: [1, {b: 'yes'}], c: null, d: '0777', e: 'x: y'}");
    assertThat(Yaml.document(Yaml.text(tree))).isEqualTo(tree);
  }
}
