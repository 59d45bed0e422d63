package dev.kapell.control.loop;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import org.jspecify.annotations.Nullable;

/** One write that a plan asks for, with the reason that a person reads in the log. Immutable. */
public sealed interface Change {
  /** Why, for instance {@code replicas 3, have 2}. */
  String reason();

  /**
   * A new object. When the name is taken the plan is made anew from what is there then.
   *
   * @param onBehalfOf gets the events SuccessfulCreate and FailedCreate; null for none
   */
  record Create<T extends ApiObject>(
      ResourceType<T> type, T object, @Nullable ApiObject onBehalfOf, String reason)
      implements Change {}

  /**
   * {@code before} becomes {@code after}; refused when somebody wrote since. No write when they are
   * equal.
   */
  record Update<T extends ApiObject>(ResourceType<T> type, T before, T after, String reason)
      implements Change {}

  /** The same for the status alone. */
  record UpdateStatus<T extends ApiObject>(ResourceType<T> type, T before, T after, String reason)
      implements Change {}

  /** A patch, where several writers share an object. */
  record PatchObject<T extends ApiObject>(
      ResourceType<T> type, ObjectKey key, Patch patch, String reason) implements Change {}

  /**
   * Deletes this very object: one of the same name with another uid stays. Gone already is fine.
   *
   * @param graceSeconds negative for the object's own
   * @param onBehalfOf gets the events SuccessfulDelete and FailedDelete; null for none
   */
  record Delete<T extends ApiObject>(
      ResourceType<T> type,
      ObjectKey key,
      String uid,
      Propagation propagation,
      int graceSeconds,
      @Nullable ApiObject onBehalfOf,
      String reason)
      implements Change {}

  /** An event for a person. */
  record Tell(ApiObject regarding, boolean warning, String reason, String message)
      implements Change {}

  /** What happens to the objects that the deleted one owns. */
  enum Propagation {
    /** As the server decides for the type. */
    DEFAULT,
    /** They go afterwards. */
    BACKGROUND,
    /** They go first. */
    FOREGROUND,
    /** They stay. */
    ORPHAN
  }

  /** Creates without events. */
  static <T extends ApiObject> Change create(ResourceType<T> type, T object, String reason) {
    return new Create<>(type, object, null, reason);
  }

  /** Replaces {@code before} by {@code after}. */
  static <T extends ApiObject> Change update(
      ResourceType<T> type, T before, T after, String reason) {
    return new Update<>(type, before, after, reason);
  }

  /** Replaces the status of {@code before} by that of {@code after}. */
  static <T extends ApiObject> Change updateStatus(
      ResourceType<T> type, T before, T after, String reason) {
    return new UpdateStatus<>(type, before, after, reason);
  }

  /** Deletes {@code object} in the type's own way, without events. */
  static <T extends ApiObject> Change delete(ResourceType<T> type, T object, String reason) {
    return deleteFor(type, object, null, reason);
  }

  /** Deletes {@code object} in the type's own way and tells it on {@code onBehalfOf}. */
  static <T extends ApiObject> Change deleteFor(
      ResourceType<T> type, T object, @Nullable ApiObject onBehalfOf, String reason) {
    return new Delete<>(
        type,
        ObjectKey.of(object),
        object.metadata().uidOr(""),
        Propagation.DEFAULT,
        -1,
        onBehalfOf,
        reason);
  }

  /** A Normal event. */
  static Change tell(ApiObject regarding, String reason, String message) {
    return new Tell(regarding, false, reason, message);
  }

  /** A Warning event. */
  static Change warn(ApiObject regarding, String reason, String message) {
    return new Tell(regarding, true, reason, message);
  }
}
