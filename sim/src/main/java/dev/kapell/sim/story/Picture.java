package dev.kapell.sim.story;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.client.ObjectKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All objects as they are at one revision. */
public final class Picture {
  private final Map<String, TreeMap<ObjectKey, ApiObject>> tables = new HashMap<>();

  /** Takes the object's new state over, and returns the old one. */
  @Nullable ApiObject put(ResourceType<?> type, ObjectKey key, @Nullable ApiObject after) {
    TreeMap<ObjectKey, ApiObject> table =
        tables.computeIfAbsent(type.qualifiedName(), _ -> new TreeMap<>());
    return after == null ? table.remove(key) : table.put(key, after);
  }

  /** Everything of a type, by name. */
  @SuppressWarnings("unchecked") // the table of a type holds objects of that type
  public <T extends ApiObject> Collection<T> all(ResourceType<T> type) {
    Map<ObjectKey, ApiObject> table = tables.get(type.qualifiedName());
    return table == null
        ? Collections.emptyList()
        : (Collection<T>) Collections.unmodifiableCollection(table.values());
  }

  /** One object. */
  @SuppressWarnings("unchecked") // as above
  public <T extends ApiObject> Optional<T> find(ResourceType<T> type, ObjectKey key) {
    Map<ObjectKey, ApiObject> table = tables.get(type.qualifiedName());
    return table == null ? Optional.empty() : Optional.ofNullable((T) table.get(key));
  }

  /** All objects of all kinds, but for events. */
  public Collection<Map<ObjectKey, ApiObject>> everything() {
    return Collections.unmodifiableCollection(
        new TreeMap<String, Map<ObjectKey, ApiObject>>(tables).values());
  }
}
