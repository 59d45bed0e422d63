package dev.kapell.controllers.protection;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.util.ArrayList;
import java.util.List;

/**
 * A finalizer that is there for as long as its object is wanted or used. Pure.
 *
 * @param name of the finalizer
 */
record Finalizer(String name) {
  /** Adds it to an object that stays, takes it off one that is to go and is not used. */
  <T extends ApiObject> Plan next(ResourceType<T> type, T object, boolean used) {
    List<String> finalizers = object.metadata().finalizers();
    boolean there = finalizers.contains(name);
    boolean going = object.metadata().deletionTimestamp() != null;
    if (going ? !there || used : there) {
      return Plan.NOTHING;
    }
    List<String> changed = new ArrayList<>(finalizers);
    if (going) {
      changed.remove(name);
    } else {
      changed.add(name);
    }
    T after = type.withMetadata(object, object.metadata().withFinalizers(changed));
    return Plan.of(
        Change.update(type, object, after, going ? "not used any more" : "protected from now on"));
  }
}
