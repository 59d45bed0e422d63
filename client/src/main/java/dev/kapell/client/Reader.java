package dev.kapell.client;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.api.ResourceType;
import java.util.Optional;

/** Reads. Every method throws {@link ApiFailure} when the server refuses. */
public interface Reader {
  /** The object, or empty when there is none. */
  <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key);

  /** The object; {@link ApiFailure#isNotFound} when there is none. */
  <T extends ApiObject> T get(ResourceType<T> type, ObjectKey key);

  /**
   * A subresource of an object, for instance its {@code scale}; {@link ApiFailure#isNotFound} when
   * the type has none.
   *
   * @param <S> the subresource's record, for instance {@code Scale}
   */
  <S> S getSubresource(ResourceType<?> parent, ObjectKey key, String subresource, Codec<S> codec);

  /** Everything that the query covers, at one revision. */
  <T extends ApiObject> Listing<T> list(ResourceType<T> type, ListQuery query);

  /**
   * Changes after {@code resourceVersion} (from a {@link Listing} or the last event), with
   * bookmarks.
   */
  <T extends ApiObject> Watch<T> watch(
      ResourceType<T> type, ListQuery query, String resourceVersion);
}
