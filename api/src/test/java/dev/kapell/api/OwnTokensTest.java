package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this process wrote is read as any other reader reads it. */
class OwnTokensTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "\"\"",
        "null",
        "[true,false,null]",
        "{\"a\":{\"b\":[{\"c\":[[],{}]}]},\"a\":2}",
        "[0,-0,1,-1,999999999999999999,-999999999999999999,9223372036854775807]",
        "[-9223372036854775808,9223372036854775808,123456789012345678901234567890]",
        "[0.5,-1.5,1e3,1E-3,1.25e+10]",
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\ude00\"]",
        "{\"k:{\\\"ip\\\":\\\"10.0.0.1\\\"}\":{\"f:ip\":{}}}",
        "{\"Grüße\":\"日本語 😀\",\"\":\"a } b ] , : \"}",
        "{\"resourceVersion\":\"12\"       ,\"uid\":\"u\"}",
        " { \"a\" : [ 1 , 2 ] } \n",
      })
  void everyFormOfAValueIsReadAsOthersReadIt(String text) {
    assertThat(JsonCodec.readOwnTree(utf8(text))).isEqualTo(JsonCodec.readTree(utf8(text)));
  }

  @Test
  void textsOfAnyLengthAreReadAgainAndAgain() {
    for (int length : new int[] {0, 1, 63, 64, 65, 5_000}) {
      String text = "{\"" + "n".repeat(length) + "\":\"" + "v".repeat(length) + "\"}";
      for (int i = 0; i < 3; i++) {
        assertThat(JsonCodec.readOwnTree(utf8(text))).isEqualTo(JsonCodec.readTree(utf8(text)));
      }
    }
  }

  @Test
  void textsOfOneHashAreToldApart() {
    String text = "[\"Aa\",\"BB\",\"Aa\",\"BB\",{\"Aa\":\"BB\",\"BB\":\"Aa\"}]";
    assertThat(JsonCodec.readOwnTree(utf8(text))).isEqualTo(JsonCodec.readTree(utf8(text)));
  }

  @Test
  void anyRecordThatIsWrittenIsReadTheSame() {
    SharedTexts texts = new SharedTexts();
    for (int seed = 0; seed < 200; seed++) {
      RandomRecords records = new RandomRecords(seed, Set.of());
      Pod pod = (Pod) records.record(Pod.class);
      byte[] json = JsonCodec.encode(Pod.CODEC, pod);
      assertThat(JsonCodec.decode(Pod.CODEC, json, texts))
          .as("seed %d", seed)
          .isEqualTo(JsonCodec.decode(Pod.CODEC, json));
      assertThat(JsonCodec.readOwnTree(json))
          .as("seed %d", seed)
          .isEqualTo(JsonCodec.readTree(json));
      byte[] node = JsonCodec.encode(Node.CODEC, (Node) records.record(Node.class));
      assertThat(JsonCodec.decode(Node.CODEC, node, texts))
          .as("seed %d", seed)
          .isEqualTo(JsonCodec.decode(Node.CODEC, node));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[",
        "\"",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{1:1}",
        "[1,]",
        "[1 2]",
        "[,]",
        "[1}",
        "{\"a\":1]",
        "tru",
        "nul",
        "x",
        "1 2",
        "{} {}",
        "\"\\",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "1-2",
        "1.2.3",
        "-",
      })
  void whatIsNoJsonIsRefused(String text) {
    assertThatThrownBy(() -> JsonCodec.readOwnTree(utf8(text))).isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> JsonCodec.readTree(utf8(text))).isInstanceOf(DecodeException.class);
  }

  @Test
  void whatIsSkippedHasItsEndFound() {
    String text =
        "{\"x\":{\"y\":[\"]}\",{\"\\\"\":\"\\\\\"}],\"z\":{}},\"b\":[[1],[]],\"metadata\":{\"c\":1}}";
    assertThat(JsonCodec.readAt(utf8(text), "metadata", "c")).isEqualTo(1L);
    assertThatThrownBy(() -> JsonCodec.readAt(utf8("{\"x\":{\"y\":[1"), "metadata"))
        .isInstanceOf(DecodeException.class);
  }
}
