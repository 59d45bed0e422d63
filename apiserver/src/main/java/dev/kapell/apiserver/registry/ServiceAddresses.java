package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Addresses;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.store.Entry;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Snapshot;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cluster addresses: an {@code IPAddress} object for each that is taken, out of the networks of the
 * {@code ServiceCIDR} objects. Thread-safe.
 */
final class ServiceAddresses {
  static final String TABLE = "networking.k8s.io/ipaddresses";
  static final String NETWORKS = "networking.k8s.io/servicecidrs";
  static final String MANAGER = "ipallocator.k8s.io";
  static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
  private static final String USUAL_NETWORK = "10.43.0.0/16";
  private static final int MOST_KEPT_FREE = 256;
  private static final int LEAST_KEPT_FREE = 16;

  private final Clock clock;
  private final Randomness randomness;

  ServiceAddresses(Clock clock, Randomness randomness) {
    this.clock = clock;
    this.randomness = randomness;
  }

  static Key key(String address) {
    return new Key(TABLE, address);
  }

  /** Claims {@code address} for {@code service}. */
  Op.Put claim(String address, Obj service) {
    Obj of = service.child("metadata");
    Obj object = Obj.root(Obj.tree("apiVersion", "networking.k8s.io/v1", "kind", "IPAddress"));
    object
        .make("metadata")
        .put("name", address)
        .put("uid", randomness.uuid().toString())
        .put("creationTimestamp", clock.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("generation", 1L)
        .put("labels", Obj.tree(MANAGED_BY, MANAGER, "ipaddress.kubernetes.io/ip-family", "IPv4"));
    object
        .make("spec")
        .put(
            "parentRef",
            Obj.tree(
                "resource",
                "services",
                "namespace",
                of.text("namespace"),
                "name",
                of.text("name")));
    return Storage.put(key(address), object, Op.ABSENT);
  }

  /** The networks that addresses come from, as they are written. */
  static List<String> networks(Snapshot snapshot) {
    List<String> networks = new ArrayList<>();
    try (Stream<Entry> entries = snapshot.list(NETWORKS, "", "")) {
      entries
          .map(Stored::of)
          .filter(stored -> !stored.isTerminating())
          .forEach(stored -> networks.addAll(stored.object().child("spec").texts("cidrs")));
    }
    return networks.isEmpty() ? List.of(USUAL_NETWORK) : networks;
  }

  static boolean isInside(String address, List<String> networks) {
    return Addresses.parse(address)
        .filter(
            bytes ->
                networks.stream()
                    .flatMap(text -> Addresses.network(text).stream())
                    .anyMatch(network -> network.contains(bytes)))
        .isPresent();
  }

  /** An address that nobody has. The lowest of a network are left for those that ask by number. */
  String free(Snapshot snapshot) {
    List<String> networks = networks(snapshot);
    for (String text : networks) {
      Addresses.Network network = Addresses.network(text).orElseThrow();
      int size = 1 << (32 - network.bits());
      int kept = Math.min(Math.max(LEAST_KEPT_FREE, size / 16), MOST_KEPT_FREE);
      int first = size > 2 * LEAST_KEPT_FREE ? kept : 1;
      int count = size - 1 - first;
      int start = count > 0 ? randomness.nextInt(count) : 0;
      for (int i = 0; i < count; i++) {
        String address = address(network, first + (start + i) % count);
        if (snapshot.get(key(address)).isEmpty()) {
          return address;
        }
      }
    }
    throw Failures.internal(
        "every cluster address of "
            + networks
            + " is taken: delete a service or add a ServiceCIDR");
  }

  private static String address(Addresses.Network network, int host) {
    byte[] bytes = network.address();
    int base = 0;
    for (byte part : bytes) {
      base = (base << 8) | (part & 0xff);
    }
    int mask = network.bits() == 0 ? 0 : -1 << (32 - network.bits());
    int whole = (base & mask) + host;
    return (whole >>> 24)
        + "."
        + ((whole >> 16) & 0xff)
        + "."
        + ((whole >> 8) & 0xff)
        + "."
        + (whole & 0xff);
  }

  /** An address or a network that services still use stays. */
  static void refuseInUse(Row row, Obj object, Snapshot snapshot) {
    String name = object.child("metadata").text("name");
    if (row.table().equals(TABLE)) {
      Obj parent = object.child("spec").child("parentRef");
      String path = parent.text("namespace") + "/" + parent.text("name");
      boolean held =
          parent.text("resource").equals("services")
              && snapshot
                  .get(new Key("services", path))
                  .map(Stored::of)
                  .filter(s -> s.object().child("spec").texts("clusterIPs").contains(name))
                  .isPresent();
      if (held) {
        throw Failures.forbidden(
            row.resource(), name, "service " + path + " has this address: delete the service");
      }
    }
    if (row.table().equals(NETWORKS)) {
      List<String> others = new ArrayList<>(networks(snapshot));
      object.child("spec").texts("cidrs").forEach(others::remove);
      try (Stream<Entry> taken = snapshot.list(TABLE, "", "")) {
        taken
            .map(entry -> entry.key().path())
            .filter(
                address ->
                    isInside(address, object.child("spec").texts("cidrs"))
                        && !isInside(address, others))
            .findFirst()
            .ifPresent(
                address -> {
                  throw Failures.forbidden(
                      row.resource(),
                      name,
                      "there are still addresses of it in use, for instance " + address);
                });
      }
    }
  }
}
