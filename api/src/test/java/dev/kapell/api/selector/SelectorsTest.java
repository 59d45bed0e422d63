package dev.kapell.api.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.DecodeException;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorsTest {
  private static final Map<String, String> LABELS =
      Map.of("app", "web", "tier", "front", "example.com/size", "5", "empty", "");

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "app=web | true",
        "app==web | true",
        "app=db | false",
        "app!=db | true",
        "nothing!=db | true",
        "app in (db, web) | true",
        "app notin (db,web) | false",
        "nothing notin (a) | true",
        "app | true",
        "!app | false",
        "!nothing | true",
        "nothing | false",
        "app=web,tier=front | true",
        "app=web,tier=back | false",
        "example.com/size>4 | true",
        "example.com/size<5 | false",
        "empty= | true",
        "app= | false",
        "' ' | true",
        "' app = web , tier in ( front ) ' | true"
      })
  void labelsMatchAsWritten(String text, boolean matches) {
    assertThat(LabelQuery.parse(text).matches(LABELS)).isEqualTo(matches);
    assertThat(LabelQuery.parse(LabelQuery.parse(text).toString()).matches(LABELS))
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"app in", "app in (a", "=web", "app=web,,", "app in web", "a b", "app=(x)"})
  void whatIsNoLabelSelectorIsRefused(String text) {
    assertThatThrownBy(() -> LabelQuery.parse(text)).isInstanceOf(DecodeException.class);
  }

  @Test
  void aSelectorObjectMeansTheSame() {
    LabelSelector selector =
        LabelSelector.builder()
            .matchLabels(Map.of("app", "web"))
            .matchExpressions(
                List.of(
                    LabelSelectorRequirement.builder()
                        .key("tier")
                        .operator("In")
                        .values(List.of("front", "back"))
                        .build(),
                    LabelSelectorRequirement.builder()
                        .key("gone")
                        .operator("DoesNotExist")
                        .build()))
            .build();
    assertThat(LabelQuery.of(selector).matches(LABELS)).isTrue();
    assertThat(LabelQuery.of(selector).matches(Map.of("app", "web"))).isFalse();
    assertThat(LabelQuery.of(LabelSelector.EMPTY).matches(LABELS)).as("an empty selector").isTrue();
    assertThat(LabelQuery.of(null).matches(LABELS)).as("no selector").isFalse();
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "metadata.name=a,spec.nodeName=n1 | true",
        "metadata.name!=a | false",
        "status.phase= | true",
        "metadata.name==a | true",
        "metadata.name=b | false",
        "'' | true"
      })
  void fieldsMatchAsWritten(String text, boolean matches) {
    Map<String, String> fields = Map.of("metadata.name", "a", "spec.nodeName", "n1");
    assertThat(FieldQuery.parse(text).matches(f -> fields.getOrDefault(f, ""))).isEqualTo(matches);
  }

  @Test
  void aBackslashMakesACommaPlain() {
    assertThat(FieldQuery.parse("a=b\\,c").terms().getFirst().value()).isEqualTo("b,c");
    assertThat(FieldQuery.parse("a=b\\,c")).hasToString("a=b\\,c");
  }
}
