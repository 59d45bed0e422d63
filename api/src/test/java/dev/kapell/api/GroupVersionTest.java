package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupVersionTest {
  @ParameterizedTest
  @CsvSource({"v1, '', v1", "apps/v1, apps, v1", "a.example.com/v1beta1, a.example.com, v1beta1"})
  void isReadFromAnApiVersionAndWrittenAsOne(String apiVersion, String group, String version) {
    GroupVersion read = GroupVersion.of(apiVersion);
    assertThat(read).isEqualTo(new GroupVersion(group, version)).hasToString(apiVersion);
  }
}
