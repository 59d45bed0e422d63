package dev.kapell.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.meta.v1.ObjectMeta;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProtoCodecTest {
  private static final ConfigMap MAP =
      ConfigMap.builder()
          .metadata(ObjectMeta.builder().name("a").build())
          .data(Map.of("k", "v".repeat(300)))
          .build();

  @Test
  void theEnvelopeTellsTheKind() {
    byte[] sealed = ProtoCodec.seal("v1", "ConfigMap", ProtoCodec.encode(ConfigMap.CODEC, MAP));
    ProtoCodec.Envelope envelope = ProtoCodec.open(sealed);
    assertThat(envelope.apiVersion()).isEqualTo("v1");
    assertThat(envelope.kind()).isEqualTo("ConfigMap");
    assertThat(ProtoCodec.decode(ConfigMap.CODEC, envelope.raw())).isEqualTo(MAP);
  }

  @Test
  void anyCutMessageIsRefusedOrAMessageOfItsOwn() {
    byte[] whole = ProtoCodec.encode(ConfigMap.CODEC, MAP);
    int refused = 0;
    for (int length = 1; length < whole.length; length++) {
      try {
        ProtoCodec.decode(ConfigMap.CODEC, Arrays.copyOf(whole, length));
      } catch (DecodeException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.length - 10);
  }

  @Test
  void whatHasNoMagicIsRefused() {
    assertThatThrownBy(() -> ProtoCodec.open(new byte[] {1, 2, 3, 4, 5}))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void goesZeroTimeIsNoTime() {
    // ObjectMeta.creationTimestamp (8) as an empty message, name (1) as an empty text
    ObjectMeta meta = ProtoCodec.decode(ObjectMeta.CODEC, new byte[] {10, 0, 66, 0});
    assertThat(meta).isEqualTo(ObjectMeta.EMPTY);
  }
}
