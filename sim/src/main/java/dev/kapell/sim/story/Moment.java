package dev.kapell.sim.story;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.client.ObjectKey;
import dev.kapell.store.Event;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One change of one object.
 *
 * @param at since the world began
 * @param who the thread that wrote, for instance {@code deployment/worker-0}
 * @param before absent for a creation
 * @param after absent for a deletion
 */
public record Moment(
    Duration at,
    long revision,
    String who,
    Event.Kind kind,
    ResourceType<?> type,
    ObjectKey key,
    @Nullable ApiObject before,
    @Nullable ApiObject after) {

  /** The object before, if it was a {@code T} and there. */
  public <T extends ApiObject> Optional<T> before(Class<T> of) {
    return of.isInstance(before) ? Optional.of(of.cast(before)) : Optional.empty();
  }

  /** The object after, if it is a {@code T} and there. */
  public <T extends ApiObject> Optional<T> after(Class<T> of) {
    return of.isInstance(after) ? Optional.of(of.cast(after)) : Optional.empty();
  }

  /**
   * Whether a controller, the scheduler or the server itself wrote, rather than a node or a user.
   */
  public boolean isByControlPlane() {
    return !who.startsWith("simulated-") && !isBy(Writer.USERS) && !who.startsWith("late/");
  }

  /** Whether {@code writer} wrote. */
  public boolean isBy(Writer writer) {
    return writer.wrote(who);
  }
}
