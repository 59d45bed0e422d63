package dev.kapell.apiserver.defaulting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTagTest {
  private static final String DIGEST =
      "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a,latest",
        "a:1,1",
        "a:latest,latest",
        "a/b_c__d---e.f,latest",
        "h:5000/a,latest",
        "h:5000/a:1,1",
        "Host.example/a/b:v1.2-x_y,v1.2-x_y",
        "localhost/a,latest",
        "a@,''",
        "a:1@,1",
        "a:latest@,latest",
        "'',''",
        "' ',''",
        "' a',''",
        "A,''",
        "a/B,''",
        "a:,''",
        "a::1,''",
        "a//b,''",
        "a_,''",
        "a@sha256:1,''",
        "a b,''",
        "a:1 ,''"
      })
  void theTagOfAnImageIs(String image, String tag) {
    String name = image.endsWith("@") ? image.replace("@", DIGEST) : image;
    assertThat(ImageTag.of(name)).isEqualTo(tag);
  }

  @Test
  void aHugeNameHasNoTag() {
    assertThat(ImageTag.of("a/".repeat(100_000) + "a")).isEmpty();
  }
}
