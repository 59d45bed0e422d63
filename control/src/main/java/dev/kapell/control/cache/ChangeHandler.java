package dev.kapell.control.cache;

import dev.kapell.api.ApiObject;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every change of a cache, in order and never twice at once. It must be short: it puts a
 * name in a queue, it neither blocks nor writes.
 */
@FunctionalInterface
public interface ChangeHandler<T extends ApiObject> {
  /**
   * {@code before} became {@code after}.
   *
   * @param before null when the object is new to the cache
   * @param after null when the object is gone
   */
  void changed(@Nullable T before, @Nullable T after);
}
