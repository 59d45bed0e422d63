package dev.kapell.scheduler.device;

import dev.kapell.api.Types;
import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.DeviceAllocationResult;
import dev.kapell.api.resource.v1.DeviceClass;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimTemplate;
import dev.kapell.api.resource.v1.ResourceSlice;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.cache.Index;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Everything about devices that a decision looks at. The scheduler's thread's.
 *
 * @param claims by key
 * @param templates of claims that are not made yet, where it is only asked what would be; else none
 * @param classes by name
 * @param allocated whether some claim has the device
 * @param inventory the devices on offer
 * @param inFlight those that pods on their way will get
 * @param selectors what is known of expressions
 */
public record Devices(
    Function<ObjectKey, Optional<ResourceClaim>> claims,
    Function<ObjectKey, Optional<ResourceClaimTemplate>> templates,
    Function<String, Optional<DeviceClass>> classes,
    Predicate<DeviceId> allocated,
    Supplier<Inventory> inventory,
    InFlight inFlight,
    Selectors selectors) {
  private static final Index.Keys<ResourceClaim, DeviceId> BY_DEVICE = Devices::held;

  /** No devices at all. */
  public static Devices none() {
    return of(key -> Optional.empty(), name -> Optional.empty(), List.of(), List.of());
  }

  /** Of some objects. */
  static Devices of(
      Function<ObjectKey, Optional<ResourceClaim>> claims,
      Function<String, Optional<DeviceClass>> classes,
      List<ResourceSlice> slices,
      List<ResourceClaim> allocated) {
    Inventory inventory = Inventory.of(slices, Inventory.none());
    return new Devices(
        claims,
        key -> Optional.empty(),
        classes,
        device -> allocated.stream().anyMatch(claim -> held(claim).contains(device)),
        () -> inventory,
        new InFlight(),
        new Selectors());
  }

  /** As {@code caches} know them. */
  public static Devices of(Caches caches) {
    Cache<ResourceSlice> slices = caches.of(Types.RESOURCE_SLICE);
    Cache<ResourceClaim> claims = caches.of(Types.RESOURCE_CLAIM);
    Cache<DeviceClass> classes = caches.of(Types.DEVICE_CLASS);
    Index<ResourceClaim, DeviceId> byDevice = claims.index(BY_DEVICE);
    return new Devices(
        claims::find,
        key -> Optional.empty(),
        name -> classes.find(ObjectKey.cluster(name)),
        device -> byDevice.count(device) > 0,
        new Latest(slices),
        new InFlight(),
        new Selectors());
  }

  /** The same, where a claim that is not made yet is taken as its template says. */
  public Devices foretelling(Function<ObjectKey, Optional<ResourceClaimTemplate>> all) {
    return new Devices(claims, all, classes, allocated, inventory, inFlight, selectors);
  }

  /** The inventory, made anew when slices have changed since it was last asked for. */
  private static final class Latest implements Supplier<Inventory> {
    private final Cache<ResourceSlice> slices;
    private List<ResourceSlice> known = List.of();
    private Inventory made = Inventory.none();

    Latest(Cache<ResourceSlice> slices) {
      this.slices = slices;
    }

    @Override
    public Inventory get() {
      List<ResourceSlice> now = slices.all();
      if (!now.equals(known)) {
        made = Inventory.of(now, made);
        known = now;
      }
      return made;
    }
  }

  /** The devices that a claim has for itself. */
  static List<DeviceId> held(ResourceClaim claim) {
    AllocationResult allocation = claim.status().allocation();
    return allocation == null
        ? List.of()
        : allocation.devicesOr(DeviceAllocationResult.EMPTY).results().stream()
            .filter(result -> !result.adminAccessOr(false))
            .map(DeviceId::of)
            .toList();
  }

  /** The devices of a claim, those that it is about to get included. */
  Optional<AllocationResult> allocation(ObjectKey key, ResourceClaim claim) {
    return Optional.ofNullable(claim.status().allocation()).or(() -> inFlight.allocation(key));
  }

  boolean isTaken(DeviceId device) {
    return allocated.test(device) || inFlight.holds(device);
  }
}
