package dev.kapell.scheduler.device;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of attributes and capacities, which are the driver's where no domain is said. Pure. */
final class Names {
  private Names() {}

  /** What a device has under a name with a domain, or under one without that means the same. */
  static <V> @Nullable V find(Map<String, V> values, String name, String driver) {
    V found = values.get(name);
    if (found != null) {
      return found;
    }
    int slash = name.indexOf('/');
    return slash < 0
        ? values.get(driver + "/" + name)
        : name.substring(0, slash).equals(driver) ? values.get(name.substring(slash + 1)) : null;
  }
}
