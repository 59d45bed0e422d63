package dev.kapell.api.names;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameRulesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "a-b", "0a", "a1234567890"})
  void isADnsLabel(String name) {
    assertThat(NameRules.dnsLabel(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-a",
        "a-",
        "A",
        "a.b",
        "a_b",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void isNoDnsLabel(String name) {
    assertThat(NameRules.dnsLabel(name)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b-c.d", "1.2.3"})
  void isADnsSubdomain(String name) {
    assertThat(NameRules.dnsSubdomain(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a..b", ".a", "a.", "a.-b", "A.b"})
  void isNoDnsSubdomain(String name) {
    assertThat(NameRules.dnsSubdomain(name)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A_b.c-d", "example.com/a", "0"})
  void isALabelKey(String key) {
    assertThat(NameRules.qualifiedName(key)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b/c", "/a", "a/", "-a", "A.com/a", "a b"})
  void isNoLabelKey(String key) {
    assertThat(NameRules.qualifiedName(key)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "A_b.c", "1"})
  void isALabelValue(String value) {
    assertThat(NameRules.labelValue(value)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "a b", "a/b", "a-"})
  void isNoLabelValue(String value) {
    assertThat(NameRules.labelValue(value)).isPresent();
  }
}
