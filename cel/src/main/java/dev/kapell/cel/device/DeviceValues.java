package dev.kapell.cel.device;

import com.google.common.collect.ImmutableMap;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.resource.v1.Device;
import dev.kapell.api.resource.v1.DeviceAttribute;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Forthcoming;
import dev.kapell.cel.value.Semver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A device as expressions see it: attributes and capacities by domain, then by name. */
final class DeviceValues {
  private DeviceValues() {}

  static Map<String, Object> of(String driver, Device device) {
    Map<String, Map<String, Object>> attributes = new HashMap<>();
    device
        .attributes()
        .forEach((name, attribute) -> put(attributes, driver, name, value(attribute)));
    Map<String, Map<String, Object>> capacity = new HashMap<>();
    device
        .capacity()
        .forEach((name, amount) -> put(capacity, driver, name, amount.valueOr(Quantity.ZERO)));
    return ImmutableMap.of(
        "driver",
        driver,
        "allowMultipleAllocations",
        device.allowMultipleAllocationsOr(false),
        "attributes",
        new Forthcoming(attributes),
        "capacity",
        new Forthcoming(capacity));
  }

  /** A name without a domain is of the driver's. */
  private static void put(
      Map<String, Map<String, Object>> domains, String driver, String name, Object value) {
    int slash = name.indexOf('/');
    String domain = slash < 0 ? driver : name.substring(0, slash);
    domains
        .computeIfAbsent(domain, key -> new HashMap<>())
        .put(slash < 0 ? name : name.substring(slash + 1), value);
  }

  private static Object value(DeviceAttribute attribute) {
    if (attribute.version() != null) {
      return version(attribute.versionOr(""));
    }
    if (!attribute.versions().isEmpty()) {
      return attribute.versions().stream().map(DeviceValues::version).toList();
    }
    if (attribute.string() != null) {
      return attribute.stringOr("");
    }
    if (attribute.int_() != null) {
      return Objects.requireNonNull(attribute.int_());
    }
    if (attribute.bool() != null) {
      return Objects.requireNonNull(attribute.bool());
    }
    if (!attribute.strings().isEmpty()) {
      return List.copyOf(attribute.strings());
    }
    return attribute.ints().isEmpty()
        ? List.copyOf(attribute.bools())
        : List.copyOf(attribute.ints());
  }

  private static Object version(String text) {
    return Semver.parse(text).orElseThrow(() -> new CelError("not a version: " + text));
  }
}
