package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"spec\":{\"containers\":[{\"image\":5}]}} | spec.containers[0].image: expected a string, found the number 5",
        "{\"spec\":{\"containers\":{}}} | spec.containers: expected a list, found an object",
        "{\"spec\":[]} | spec: expected an object, found a list",
        "{\"spec\":{\"containers\":[{\"ports\":[{\"containerPort\":\"80\"}]}]}} | spec.containers[0].ports[0].containerPort: expected a whole number, found a string",
        "{\"spec\":{\"priority\":3000000000}} | spec.priority: expected a whole number of 32 bits",
        "{\"metadata\":{\"labels\":{\"a\":true}}} | metadata.labels.a: expected a string, found a boolean",
        "{\"metadata\":{\"creationTimestamp\":\"yesterday\"}} | metadata.creationTimestamp: \"yesterday\" is no time",
        "{\"spec\":{\"overhead\":{\"cpu\":\"lots\"}}} | spec.overhead.cpu: quantities must match",
        "{\"metadata\": | invalid JSON at line 1",
        "[] | the document: expected an object, found a list"
      })
  void aWrongTypeIsNamedWithItsPath(String text, String message) {
    assertThatThrownBy(() -> JsonCodec.decode(Pod.CODEC, utf8(text)))
        .isInstanceOf(DecodeException.class)
        .hasMessageStartingWith(message);
  }

  /** What YAML or protobuf brought is stored as JSON, so all of it has to be read again. */
  @Test
  void namesMayBeAsLongAsABody() {
    Map<String, Object> tree = Map.of("n".repeat(3 << 20), "v");
    assertThat(JsonCodec.readTree(JsonCodec.writeTree(tree))).isEqualTo(tree);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999", "-1e999", "1.5e308", "123456789012345678901234567890"})
  void whatIsReadOfANumberCanBeWritten(String number) {
    try {
      Object tree = JsonCodec.readTree(utf8("{\"a\":" + number + "}"));
      assertThat(JsonCodec.readTree(JsonCodec.writeTree(tree))).isEqualTo(tree);
    } catch (DecodeException refused) {
      assertThat(refused).hasMessageContaining("number");
    }
  }

  @Test
  void unknownAndRepeatedFieldsAreNamed() {
    byte[] text =
        utf8(
            "{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"name\":\"a\",\"imag\":\"x\",\"name\":\"b\"}]},\"foo\":{\"bar\":1}}");
    assertThat(JsonCodec.decode(Pod.CODEC, text, UnknownFields.WARN).complaints())
        .containsExactly(
            "unknown field \"spec.containers[0].imag\"",
            "duplicate field \"spec.containers[0].name\"",
            "unknown field \"foo\"");
    assertThat(JsonCodec.decode(Pod.CODEC, text, UnknownFields.IGNORE).complaints()).isEmpty();
    assertThatThrownBy(() -> JsonCodec.decode(Pod.CODEC, text, UnknownFields.STRICT))
        .hasMessage(
            "strict decoding error: unknown field \"spec.containers[0].imag\", duplicate field \"spec.containers[0].name\", unknown field \"foo\"");
  }

  @Test
  void aZeroThatMeansAbsentIsDroppedAndOneThatMeansSomethingIsKept() {
    byte[] service =
        utf8(
            "{\"spec\":{\"clusterIP\":\"\",\"publishNotReadyAddresses\":false,\"ports\":[{\"port\":80,\"nodePort\":0,\"targetPort\":0}]}}");
    assertThat(
            new String(
                JsonCodec.encode(Service.CODEC, JsonCodec.decode(Service.CODEC, service)),
                StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"spec\":{\"ports\":[{\"port\":80}]}}");
    byte[] deployment = utf8("{\"spec\":{\"replicas\":0,\"paused\":false}}");
    Deployment read = JsonCodec.decode(Deployment.CODEC, deployment);
    assertThat(read.spec().replicas()).isZero();
    assertThat(read.spec().paused()).isNull();
  }

  @Test
  void roomForTheRevisionIsValidJsonWithAndWithoutIt() {
    Pod pod =
        Pod.builder().metadata(ObjectMeta.builder().name("a").resourceVersion("7").build()).build();
    JsonCodec.Stamped stamped = JsonCodec.encodeStamped(Pod.CODEC, pod);
    Pod before = JsonCodec.decode(Pod.CODEC, stamped.bytes());
    assertThat(before.metadata().resourceVersion()).isNull();
    byte[] stamp = utf8("\"123\"");
    System.arraycopy(stamp, 0, stamped.bytes(), stamped.stampAt(), stamp.length);
    assertThat(JsonCodec.decode(Pod.CODEC, stamped.bytes()).metadata().resourceVersion())
        .isEqualTo("123");
  }

  @Test
  void roomForTheRevisionIsAlsoMadeInATreeWhoseKindComesFirst() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("spec", Map.of("a\"b", 1L));
    tree.put("kind", "Widget");
    tree.put("apiVersion", "example.com/v1");
    JsonCodec.Stamped stamped = JsonCodec.encodeStamped(tree);
    assertThat(new String(stamped.bytes(), StandardCharsets.UTF_8))
        .startsWith(
            "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"resourceVersion\":\"\" ")
        .endsWith("},\"spec\":{\"a\\\"b\":1}}");
    assertThat(stamped.bytes()[stamped.stampAt()]).isEqualTo((byte) '"');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{\"a\":1,\"b\":{\"c\":{\"d\":\"x\"}}}|b.c|{d=x}",
        "{\"b\":{\"a\":[{\"c\":1}],\"c\":true}} and no more|b.c|true",
        "{\"b\":{\"c\":null}}|b.c|null",
        "{\"b\":{\"x\":{\"c\":1}}}|b.c|null",
        "{\"b\":\"c\"}|b.c|null",
        "[1]|b|null"
      })
  void oneValueIsReadAndNothingBehindIt(String text, String path, String expected) {
    Object found = JsonCodec.readAt(text.getBytes(StandardCharsets.UTF_8), path.split("\\."));
    assertThat(String.valueOf(found)).isEqualTo(expected);
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "{\"metadata\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    assertThatThrownBy(() -> JsonCodec.readTree(utf8(deep))).isInstanceOf(DecodeException.class);
  }

  @Test
  void whatFollowsTheObjectIsRefused() {
    assertThatThrownBy(() -> JsonCodec.decode(Pod.CODEC, utf8("{} {}")))
        .isInstanceOf(DecodeException.class);
  }
}
