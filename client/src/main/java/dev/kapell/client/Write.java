package dev.kapell.client;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.DeleteOptions;

/** One of several writes that are asked for at once. Immutable. */
public sealed interface Write {
  /** As {@link Writer#create}. */
  record Create<T extends ApiObject>(ResourceType<T> type, T object) implements Write {
    @Override
    public void by(Writer writer) {
      writer.create(type, object);
    }
  }

  /** As {@link Writer#updateStatus}. */
  record UpdateStatus<T extends ApiObject>(ResourceType<T> type, T object) implements Write {
    @Override
    public void by(Writer writer) {
      writer.updateStatus(type, object);
    }
  }

  /** As {@link Writer#createSubresource}. */
  record CreateSubresource<S>(
      ResourceType<?> parent, ObjectKey key, String subresource, S body, Codec<S> codec)
      implements Write {
    @Override
    public void by(Writer writer) {
      writer.createSubresource(parent, key, subresource, body, codec);
    }
  }

  /** As {@link Writer#delete}. */
  record Delete(ResourceType<?> type, ObjectKey key, DeleteOptions options) implements Write {
    @Override
    public void by(Writer writer) {
      writer.delete(type, key, options);
    }
  }

  /**
   * Does it alone.
   *
   * @throws ApiFailure when the server refuses
   */
  void by(Writer writer);
}
