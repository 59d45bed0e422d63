package dev.kapell.cel.value;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/**
 * A map of maps that has something for every key: an empty map for those that it does not know, so
 * that {@code 'x' in device.attributes['unknown.example.com']} is false and no error. Asked with
 * {@code in} and {@code size}, it has what it has. Immutable.
 */
public final class Forthcoming extends AbstractMap<String, Object> {
  private final Map<String, Object> known;

  /** Of maps by their keys. */
  public Forthcoming(Map<String, ? extends Map<String, Object>> maps) {
    this.known = Map.copyOf(maps);
  }

  /** The map of {@code key}. */
  public Object at(Object key) {
    return known.getOrDefault(key, Map.of());
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return known.entrySet();
  }
}
