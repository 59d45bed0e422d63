package dev.kapell.client.http;

import dev.kapell.api.Codec;
import dev.kapell.api.JsonOut;
import dev.kapell.api.ProtoIn;
import dev.kapell.api.ProtoOut;

/** An envelope that only the server writes, and only as JSON. */
interface ReadCodec<T> extends Codec<T> {
  @Override
  default void writeJson(T value, JsonOut out) {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  default T readProto(ProtoIn in) {
    throw new UnsupportedOperationException("only JSON");
  }

  @Override
  default void writeProto(T value, ProtoOut out) {
    throw new UnsupportedOperationException("only read");
  }
}
