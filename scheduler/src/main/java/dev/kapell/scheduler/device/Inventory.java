package dev.kapell.scheduler.device;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.resource.v1.ResourcePool;
import dev.kapell.api.resource.v1.ResourceSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All devices on offer, by the node that can use them. Immutable. What has not changed since the
 * inventory before is the same pool with the same offers, so that what is known of those stays.
 */
final class Inventory {
  private final Map<String, List<Offer>> local = new HashMap<>();
  private final List<Offer> shared = new ArrayList<>();
  private final Map<Key, Pool> pools = new HashMap<>();

  private record Key(String driver, String pool) implements Comparable<Key> {
    static Key of(ResourceSlice slice) {
      return new Key(slice.spec().driverOr(""), slice.spec().poolOr(ResourcePool.EMPTY).nameOr(""));
    }

    @Override
    public int compareTo(Key other) {
      int byDriver = driver.compareTo(other.driver);
      return byDriver != 0 ? byDriver : pool.compareTo(other.pool);
    }
  }

  private Inventory() {}

  /** Nothing is on offer. */
  static Inventory none() {
    return new Inventory();
  }

  /** Of these slices, after {@code before}. */
  static Inventory of(List<ResourceSlice> slices, Inventory before) {
    Map<Key, List<ResourceSlice>> grouped = new TreeMap<>();
    for (ResourceSlice slice : slices) {
      grouped.computeIfAbsent(Key.of(slice), key -> new ArrayList<>()).add(slice);
    }
    Inventory inventory = new Inventory();
    grouped.forEach(
        (key, of) -> {
          Pool known = before.pools.get(key);
          Pool pool =
              known != null && known.slices().equals(of)
                  ? known
                  : new Pool(key.driver(), key.pool(), of);
          inventory.pools.put(key, pool);
          pool.offers().forEach(inventory::add);
        });
    return inventory;
  }

  private void add(Offer offer) {
    String node = offer.reach().node();
    (node.isEmpty() ? shared : local.computeIfAbsent(node, name -> new ArrayList<>())).add(offer);
  }

  /** What a node can use; its own first. */
  List<Offer> reachableFrom(Node node) {
    List<Offer> own = local.getOrDefault(node.metadata().nameOr(""), List.of());
    if (shared.isEmpty()) {
      return own;
    }
    List<Offer> reachable = new ArrayList<>(own);
    for (Offer offer : shared) {
      if (offer.reach().includes(node)) {
        reachable.add(offer);
      }
    }
    return reachable;
  }
}
