package dev.kapell.apiserver.local;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.SharedTexts;
import dev.kapell.apiserver.derived.Derived;

/** The records of stored bytes, each decoded once for all readers of this process. Thread-safe. */
final class Decoded {
  private static final int KEPT = 8_192;

  private final SharedTexts texts = new SharedTexts();
  private final Derived<Codec<?>, ApiObject> records = new Derived<>(KEPT, object -> 1);

  @SuppressWarnings("unchecked") // what a codec has made is of its type
  <T extends ApiObject> T get(ResourceType<T> type, byte[] json) {
    return (T) records.get(json, type.codec(), () -> JsonCodec.decode(type.codec(), json, texts));
  }
}
