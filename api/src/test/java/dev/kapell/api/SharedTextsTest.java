package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SharedTextsTest {
  private final SharedTexts texts = new SharedTexts();

  private Pod pod(String image) {
    String text =
        """
        {"metadata":{"name":"a","managedFields":[{"manager":"m","fieldsV1":{"f:spec":{}}}]},
         "spec":{"restartPolicy":"Always","containers":[{"name":"main","image":"%s"}]}}
        """
            .formatted(image);
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
}
