package dev.kapell.compose.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of the Compose specification: SET is "value", EMPTY is set and empty, UNSET is not set.
 */
class InterpolationTest {
  private static final Place PLACE = new Place("compose.yaml", 7);
  private static final Map<String, String> VARIABLES = Map.of("SET", "value", "EMPTY", "");

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          plain                           | plain
          $SET                            | value
          ${SET}                          | value
          a${SET}b                        | avalueb
          $SET-x                          | value-x
          ${EMPTY}                        | ''
          ${UNSET}                        | ''
          ${SET:-x}                       | value
          ${EMPTY:-x}                     | x
          ${UNSET:-x}                     | x
          ${SET-x}                        | value
          ${EMPTY-x}                      | ''
          ${UNSET-x}                      | x
          ${UNSET:-}                      | ''
          ${SET:?e}                       | value
          ${SET?e}                        | value
          ${EMPTY?e}                      | ''
          ${SET:+x}                       | x
          ${EMPTY:+x}                     | ''
          ${UNSET:+x}                     | ''
          ${SET+x}                        | x
          ${EMPTY+x}                      | x
          ${UNSET+x}                      | ''
          $$SET                           | $SET
          $${SET}                         | ${SET}
          $$$SET                          | $value
          ${UNSET:-${SET}}                | value
          ${UNSET:-$SET}                  | value
          ${UNSET:-${EMPTY:-deep}}        | deep
          ${UNSET:-a ${UNSET-b} c}        | a b c
          ${SET:+${EMPTY:-in} ${SET}}     | in value
          ${UNSET:-http://host:80/?a=b}   | http://host:80/?a=b
          """)
  void expression(String text, String expected) {
    assertThat(new Interpolation(VARIABLES).apply(PLACE, text)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} is refused with its place")
  @ValueSource(strings = {"$", "a $ b", "${}", "${1A}", "${SET", "${SET!x}", "${SET:}", "$-"})
  void invalid(String text) {
    assertThatThrownBy(() -> new Interpolation(VARIABLES).apply(PLACE, text))
        .isInstanceOf(ComposeFailure.class)
        .hasMessageStartingWith("compose.yaml:7: ")
        .hasMessageContaining("$$");
  }

  @Test
  void aRequiredVariableNamesItselfAndTheMessage() {
    Interpolation interpolation = new Interpolation(VARIABLES);
    assertThatThrownBy(() -> interpolation.apply(PLACE, "${EMPTY:?give it ${SET}}"))
        .hasMessage("compose.yaml:7: the variable EMPTY has to be set: give it value");
    assertThatThrownBy(() -> interpolation.apply(PLACE, "${UNSET?}"))
        .hasMessageContaining("the variable UNSET has to be set");
  }

  @Test
  void anUnsetVariableIsWarnedAboutOnce() {
    Interpolation interpolation = new Interpolation(VARIABLES);
    interpolation.apply(PLACE, "$UNSET ${UNSET} ${OTHER} ${UNSET:-x}");
    assertThat(interpolation.warnings())
        .containsExactly(
            "the variable UNSET is not set; using nothing",
            "the variable OTHER is not set; using nothing");
  }
}
