package dev.kapell.apiserver.local;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.SharedTexts;
import dev.kapell.apiserver.derived.Derived;
import dev.kapell.apiserver.derived.Held;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The records of stored bytes, each decoded once for all readers of this process. Thread-safe. */
final class Decoded {
  private static final int KEPT = 8_192;

  private final SharedTexts texts = new SharedTexts();
  private final Derived<Codec<?>, ApiObject> records = new Derived<>(KEPT, object -> 1);
  private final Held<Codec<?>, ApiObject> held = new Held<>();

  <T extends ApiObject> T get(ResourceType<T> type, byte[] json) {
    return get(type, json, null);
  }

  /**
   * The record of an object that has changed: where somebody still holds the one of what was stored
   * {@code before}, only what differs is read, and the two share all else.
   */
  @SuppressWarnings("unchecked") // what a codec has made is of its type
  <T extends ApiObject> T get(ResourceType<T> type, byte[] json, byte @Nullable [] before) {
    return (T) records.get(json, type.codec(), () -> decode(type, json, before));
  }

  @SuppressWarnings("unchecked") // as above
  private <T extends ApiObject> T decode(
      ResourceType<T> type, byte[] json, byte @Nullable [] before) {
    Optional<ApiObject> known = before == null ? Optional.empty() : held.find(before, type.codec());
    T record =
        before == null || known.isEmpty()
            ? JsonCodec.decode(type.codec(), json, texts)
            : JsonCodec.decodeChange(type.codec(), json, texts, before, (T) known.get());
    held.put(json, type.codec(), record);
    return record;
  }
}
