package dev.kapell.client;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.meta.v1.DeleteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes. Every method throws {@link ApiFailure} when the server refuses; nothing is then written.
 */
public interface Writer {
  /**
   * Creates; {@link ApiFailure#isAlreadyExists} when the name is taken. Returns what was stored,
   * with defaults.
   */
  <T extends ApiObject> T create(ResourceType<T> type, T object);

  /**
   * Replaces; {@link ApiFailure#isConflict} when {@code metadata.resourceVersion} is set and no
   * longer current.
   */
  <T extends ApiObject> T update(ResourceType<T> type, T object);

  /** Replaces the status (and only it), with the same rule on {@code resourceVersion}. */
  <T extends ApiObject> T updateStatus(ResourceType<T> type, T object);

  /** Patches the object, or one of its subresources. */
  <T extends ApiObject> T patch(ResourceType<T> type, ObjectKey key, Patch patch);

  /** Deletes; an absent object is {@link ApiFailure#isNotFound}. */
  <T extends ApiObject> void delete(ResourceType<T> type, ObjectKey key, DeleteOptions options);

  /** Deletes everything that the query covers. */
  <T extends ApiObject> void deleteCollection(
      ResourceType<T> type, ListQuery query, DeleteOptions options);

  /**
   * Posts to a subresource of an object: {@code binding}, {@code eviction}, {@code token}.
   *
   * @param <S> the subresource's record, for instance {@code Binding}
   * @return what the server answers, as the same type; for {@code binding} and {@code eviction} the
   *     body sent
   */
  <S> S createSubresource(
      ResourceType<?> parent,
      ObjectKey key,
      String subresource,
      S body,
      dev.kapell.api.Codec<S> codec);

  /**
   * Creates all of {@code objects}. A server in this process commits them together; one that is
   * refused stops none of the others.
   *
   * @return what came of each, in the same order; of what was stored as {@link #create}
   */
  default <T extends ApiObject> List<Made<T>> createAll(ResourceType<T> type, List<T> objects) {
    List<Made<T>> made = new ArrayList<>(objects.size());
    for (T object : objects) {
      try {
        made.add(new Made.Done<>(create(type, object)));
      } catch (ApiFailure e) {
        made.add(new Made.Refused<>(e));
      }
    }
    return made;
  }

  /**
   * Does all of {@code writes}, which must not depend on each other. A server in this process
   * commits them together; one that is refused stops none of the others.
   *
   * @return why each was refused, in the same order; empty for what was done
   */
  default List<Optional<ApiFailure>> writeAll(List<? extends Write> writes) {
    List<Optional<ApiFailure>> refusals = new ArrayList<>(writes.size());
    for (Write write : writes) {
      try {
        write.by(this);
        refusals.add(Optional.empty());
      } catch (ApiFailure e) {
        refusals.add(Optional.of(e));
      }
    }
    return refusals;
  }
}
