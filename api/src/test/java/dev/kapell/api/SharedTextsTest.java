package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedTextsTest {
  private final SharedTexts texts = new SharedTexts();

  private Pod pod(String image) {
    String text =
        """
        {"metadata":{"name":"a","managedFields":[{"manager":"m","fieldsV1":{"f:spec":{}}}]},
         "spec":{"restartPolicy":"Always","containers":[{"name":"main","image":"%s"}]}}
        """
            .formatted(image);
    return shared(text);
  }

  /** Read with what is shared, and equal to what is read without. */
  private Pod shared(String text) {
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    Pod pod = JsonCodec.decode(Pod.CODEC, json, texts);
    assertThat(pod).isEqualTo(JsonCodec.decode(Pod.CODEC, json));
    return pod;
  }

  @Test
  void recordsThatAreReadTogetherHoldTheirTextsOnce() {
    Pod one = pod("web:1");
    Pod other = pod("web:2");
    assertThat(other.spec().restartPolicy()).isSameAs(one.spec().restartPolicy());
    assertThat(other.metadata().managedFields().getFirst().fieldsV1())
        .isSameAs(one.metadata().managedFields().getFirst().fieldsV1());
    assertThat(other.spec().containers().getFirst().image()).isEqualTo("web:2");
  }

  @Test
  void longTextsAreNotKept() {
    String image = "x".repeat(65);
    assertThat(pod(image).spec().containers().getFirst().image())
        .isNotSameAs(pod(image).spec().containers().getFirst().image());
  }

  private Pod status(String conditions) {
    return shared(
        "{\"spec\":{\"tolerations\":[{\"effect\":\"NoExecute\",\"key\":\"a \\\" } b\"}]},"
            + "\"status\":{\"conditions\":["
            + conditions
            + "]}}");
  }

  @Test
  void recordsOfListsAreHeldOnceFromTheirSecondTimeOn() {
    Pod first = status("");
    Pod second = status("{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"new\"}");
    Pod third = status("{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"newer\"}");
    assertThat(second.spec().tolerations().getFirst())
        .isNotSameAs(first.spec().tolerations().getFirst());
    assertThat(third.spec().tolerations().getFirst())
        .isSameAs(second.spec().tolerations().getFirst());
    assertThat(third.status().conditions().getFirst().status()).isEqualTo("True");
  }

  @Test
  void theSameTextInAnotherPlaceIsAnotherRecord() {
    String item = "{\"name\":\"a-name-that-is-long-enough-to-be-shared\"}";
    String both = "{\"spec\":{\"containers\":[" + item + "],\"initContainers\":[" + item + "],";
    byte[] json = (both + "\"volumes\":[" + item + "]}}").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 4; i++) {
      assertThat(JsonCodec.decode(Pod.CODEC, json, texts))
          .isEqualTo(JsonCodec.decode(Pod.CODEC, json));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"spec\":{\"containers\":[{\"name\":\"a name of some length, and no end",
        "{\"spec\":{\"containers\":[{\"name\":\"a name of some length, and no end\\\\",
        "{\"spec\":{\"containers\":[{\"name\":\"a name of some length\",\"image\":[}]}}",
        "{\"spec\":{\"containers\":[{\"name\":{\"name\":\"a name of some length\"}}]}}",
      })
  void whatIsNoPodIsNoneTheSecondTimeEither(String text) {
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> JsonCodec.decode(Pod.CODEC, json, texts))
          .isInstanceOf(DecodeException.class);
    }
  }
}
