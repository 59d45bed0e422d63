package dev.kapell.scheduler.device;

import dev.kapell.api.resource.Quantity;
import dev.kapell.api.resource.v1.Counter;
import dev.kapell.api.resource.v1.CounterSet;
import dev.kapell.api.resource.v1.Device;
import dev.kapell.api.resource.v1.ResourcePool;
import dev.kapell.api.resource.v1.ResourceSlice;
import dev.kapell.api.resource.v1.ResourceSliceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The devices that one driver offers under one name: the slices of the newest generation. Immutable
 * once made; compared by identity.
 */
final class Pool {
  private final String driver;
  private final String name;
  private final List<ResourceSlice> slices;
  private final Optional<String> problem;
  private final List<Offer> offers = new ArrayList<>();
  private final Map<String, Map<String, Quantity>> counters = new HashMap<>();

  private record Kind(Device device, Offer.Reach reach) {}

  /** Of the slices of one driver and pool; older generations are left out. */
  Pool(String driver, String name, List<ResourceSlice> slices) {
    this.driver = driver;
    this.name = name;
    this.slices = List.copyOf(slices);
    long newest = slices.stream().mapToLong(Pool::generation).max().orElse(0);
    List<ResourceSlice> current =
        slices.stream().filter(slice -> generation(slice) == newest).toList();
    Map<Kind, Integer> kinds = new HashMap<>();
    Set<String> names = new HashSet<>();
    @Nullable String twice = null;
    for (ResourceSlice slice : current) {
      ResourceSliceSpec spec = slice.spec();
      spec.sharedCounters().forEach(this::count);
      for (Device device : spec.devices()) {
        Offer.Reach reach = Offer.Reach.of(spec, device);
        int kind = kinds.computeIfAbsent(new Kind(device.withName(null), reach), k -> kinds.size());
        String deviceName = device.nameOr("");
        twice = names.add(deviceName) ? twice : deviceName;
        offers.add(new Offer(new DeviceId(driver, name, deviceName), device, this, reach, kind));
      }
    }
    this.problem = problem(current, twice);
  }

  private static long generation(ResourceSlice slice) {
    return pool(slice).generationOr(0L);
  }

  private static ResourcePool pool(ResourceSlice slice) {
    return slice.spec().poolOr(ResourcePool.EMPTY);
  }

  private Optional<String> problem(List<ResourceSlice> current, @Nullable String twice) {
    if (current.stream().anyMatch(s -> pool(s).resourceSliceCountOr(1L) != current.size())) {
      return Optional.of("is currently being updated");
    }
    return Optional.ofNullable(twice).map(device -> "is invalid: duplicate device name " + device);
  }

  private void count(CounterSet set) {
    Map<String, Quantity> amounts = new HashMap<>();
    set.counters().forEach((counter, amount) -> amounts.put(counter, value(amount)));
    counters.put(set.nameOr(""), amounts);
  }

  static Quantity value(Counter counter) {
    return counter.valueOr(Quantity.ZERO);
  }

  String driver() {
    return driver;
  }

  /** What it was made of. */
  List<ResourceSlice> slices() {
    return slices;
  }

  String name() {
    return name;
  }

  /** Why nothing is allocated from it now; empty when all of it is known. */
  Optional<String> problem() {
    return problem;
  }

  /** Its devices, in the order of slices. */
  List<Offer> offers() {
    return offers;
  }

  /** What its devices share, by the name of the set and of the counter. */
  Map<String, Map<String, Quantity>> counters() {
    return counters;
  }
}
