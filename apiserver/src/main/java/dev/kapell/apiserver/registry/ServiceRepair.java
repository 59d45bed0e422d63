package dev.kapell.apiserver.registry;

import dev.kapell.store.Entry;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Snapshot;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the claims of addresses and node ports fit the services there are: once, before the first
 * request. Data of older versions, and what somebody changed in the file, cannot double a number.
 */
final class ServiceRepair {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  /** Where older versions kept addresses. */
  private static final String FORMER_ADDRESSES = "kapell/addresses";

  private static final int BATCH = 500;

  private final Store store;
  private final ServiceAddresses addresses;

  ServiceRepair(Store store, ServiceAddresses addresses) {
    this.store = store;
    this.addresses = addresses;
  }

  void run() {
    Snapshot snapshot = store.snapshot();
    Map<Key, Stored> held = held(snapshot);
    List<Op> ops = new ArrayList<>();
    held.forEach(
        (key, service) -> {
          if (snapshot.get(key).isEmpty()) {
            ops.add(
                key.table().equals(NodePorts.TABLE)
                    ? NodePorts.claim(key, service.object())
                    : addresses.claim(key.path(), service.object()));
          }
        });
    for (String table : List.of(ServiceAddresses.TABLE, NodePorts.TABLE, FORMER_ADDRESSES)) {
      try (Stream<Entry> entries = snapshot.list(table, "", "")) {
        entries
            .filter(entry -> !held.containsKey(entry.key()) && isOurs(entry))
            .forEach(entry -> ops.add(new Op.Delete(entry.key(), Op.ANY, new byte[0], -1)));
      }
    }
    for (int from = 0; from < ops.size(); from += BATCH) {
      store
          .submit(List.copyOf(ops.subList(from, Math.min(from + BATCH, ops.size()))))
          .toCompletableFuture()
          .join();
    }
    if (!ops.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, "claims of services repaired count={0}", ops.size());
    }
  }

  private static boolean isOurs(Entry entry) {
    return !entry.key().table().equals(ServiceAddresses.TABLE)
        || Stored.of(entry)
            .metadata()
            .strings("labels")
            .getOrDefault(ServiceAddresses.MANAGED_BY, "")
            .equals(ServiceAddresses.MANAGER);
  }

  private static Map<Key, Stored> held(Snapshot snapshot) {
    Map<Key, Stored> held = new HashMap<>();
    try (Stream<Entry> services = snapshot.list("services", "", "")) {
      services
          .map(Stored::of)
          .forEach(
              service -> {
                for (Key key : ServiceAllocations.held(service.object())) {
                  Stored other = held.putIfAbsent(key, service);
                  if (other != null) {
                    LOG.log(
                        System.Logger.Level.WARNING,
                        "two services have {0}: object={1} object={2}: delete one of them",
                        key.path(),
                        other.entry().key().path(),
                        service.entry().key().path());
                  }
                }
              });
    }
    return held;
  }
}
