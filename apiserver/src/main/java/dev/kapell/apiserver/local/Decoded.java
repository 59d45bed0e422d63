package dev.kapell.apiserver.local;

import dev.kapell.api.ApiObject;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The records of stored bytes, most recently used ones kept: the store hands the same array to
 * every reader, so an object is decoded once for all of them. Thread-safe.
 */
final class Decoded {
  private static final int KEPT = 8_192;

  /** The array itself, not what is in it. */
  private record Text(byte[] bytes) {
    @Override
    @SuppressWarnings("ReferenceEquality") // the very array is what is remembered
    public boolean equals(Object other) {
      return other instanceof Text text && text.bytes == bytes;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(bytes);
    }
  }

  private record Known(ResourceType<?> type, ApiObject object) {}

  private final Map<Text, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Text, Known> eldest) {
          return size() > KEPT;
        }
      };

  <T extends ApiObject> T get(ResourceType<T> type, byte[] json) {
    Text text = new Text(json);
    Known found;
    synchronized (known) {
      found = known.get(text);
    }
    if (found != null && found.type().equals(type)) {
      @SuppressWarnings("unchecked") // what was put in under this very type
      T object = (T) found.object();
      return object;
    }
    T object = JsonCodec.decode(type.codec(), json);
    synchronized (known) {
      known.put(text, new Known(type, object));
    }
    return object;
  }
}
