package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonChangeTest {
  private final SharedTexts texts = new SharedTexts();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nothing | {\"a\":1} | {\"a\":1} | {}",
        "space is nothing | {\"spec\":{\"b\":1}} | { \"spec\" : { \"b\" : 1 } } | {\"spec\":{}}",
        "a number that begins like the other | {\"a\":1} | {\"a\":12} | {\"a\":12}",
        "a number that ends sooner | {\"a\":12} | {\"a\":1} | {\"a\":1}",
        "another order | {\"a\":1,\"b\":[2]} | {\"b\":[2],\"a\":1} | {}",
        "what is gone | {\"a\":1,\"b\":2,\"c\":3} | {\"b\":2} | {\"a\":null,\"c\":null}",
        "what is new | {} | {\"a\":{\"b\":\"}\"}} | {\"a\":{\"b\":\"}\"}}",
        "a member of a part | {\"spec\":{\"a\":{\"x\":1},\"b\":2}} | {\"spec\":{\"a\":{\"x\":1},\"b\":3}}"
            + " | {\"spec\":{\"b\":3}}",
        "what is gone from a part | {\"spec\":{\"a\":1,\"b\":2}} | {\"spec\":{\"b\":2}} | {\"spec\":{\"a\":null}}",
        "others change whole | {\"data\":{\"a\":1,\"b\":2}} | {\"data\":{\"a\":1}} | {\"data\":{\"a\":1}}",
        "below a part, too | {\"spec\":{\"a\":{\"x\":1,\"y\":2}}} | {\"spec\":{\"a\":{\"x\":1}}}"
            + " | {\"spec\":{\"a\":{\"x\":1}}}",
        "a part that was empty | {\"status\":{}} | {\"status\":{\"a\":1}} | {\"status\":{\"a\":1}}",
        "a part that becomes null | {\"spec\":{\"a\":1}} | {\"spec\":null} | {\"spec\":null}",
        "a part that was null | {\"spec\":null} | {\"spec\":{\"a\":1}} | {\"spec\":{\"a\":1}}",
        "texts with quotes | {\"a\":\"\\\"\",\"b\":\"x\"} | {\"a\":\"\\\"\",\"b\":\"\\\\\"} | {\"b\":\"\\\\\"}",
        "room behind a revision | {\"metadata\":{\"resourceVersion\":\"1\"   }}"
            + " | {\"metadata\":{\"resourceVersion\":\"23\"  }} | {\"metadata\":{\"resourceVersion\":\"23\"}}",
      })
  void onlyWhatDiffersIsSaid(String what, String before, String after, String change) {
    assertThat(JsonChange.between(bytes(before), bytes(after)))
        .as(what)
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(change);
  }

  @Test
  void whatDidNotChangeIsTheSameRecord() {
    byte[] waiting =
        bytes(
            """
            {"kind":"Pod","metadata":{"name":"a","labels":{"app":"web"},"resourceVersion":"1"},
             "spec":{"containers":[{"name":"main"}],"priority":7},
             "status":{"phase":"Pending","nominatedNodeName":"n"}}
            """);
    byte[] bound =
        bytes(
            """
            {"kind":"Pod","metadata":{"name":"a","labels":{"zone":"z"},"resourceVersion":"2"},
             "spec":{"nodeName":"n","containers":[{"name":"main"}],"priority":7},
             "status":{"phase":"Pending","conditions":[{"type":"PodScheduled"}]}}
            """);
    Pod before = JsonCodec.decode(Pod.CODEC, waiting, texts);
    Pod after = JsonCodec.decodeChange(Pod.CODEC, bound, texts, waiting, before);
    assertThat(after).isEqualTo(JsonCodec.decode(Pod.CODEC, bound));
    assertThat(after.spec().containers()).isSameAs(before.spec().containers());
    assertThat(after.status().nominatedNodeName()).isNull();
    assertThat(after.metadata().labels()).containsOnlyKeys("zone");
  }

  @Test
  void mapsAreNotMixed() {
    byte[] two = bytes("{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"1\",\"y\":\"2\"}}");
    byte[] one = bytes("{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"1\"}}");
    ConfigMap before = JsonCodec.decode(ConfigMap.CODEC, two, texts);
    assertThat(JsonCodec.decodeChange(ConfigMap.CODEC, one, texts, two, before).data())
        .containsOnlyKeys("x");
  }

  @Test
  void aCustomObjectIsReadWhole() {
    var type = Unstructured.type("example.com", "v1", "Widget", "widgets", true);
    byte[] one = bytes("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"size\":1,\"old\":true}}");
    byte[] two = bytes("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"size\":2}}");
    Unstructured before = JsonCodec.decode(type.codec(), one, texts);
    assertThat(JsonCodec.decodeChange(type.codec(), two, texts, one, before))
        .isEqualTo(JsonCodec.decode(type.codec(), two));
  }
}
