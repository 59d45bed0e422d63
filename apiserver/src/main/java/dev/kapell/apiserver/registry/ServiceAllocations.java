package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.apiserver.validation.ServiceRules;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a service claims: cluster addresses and node ports. */
final class ServiceAllocations implements Allocations {
  private static final String HEALTH_PORT = "healthCheckNodePort";

  private final ServiceAddresses addresses;
  private final NodePorts nodePorts;

  ServiceAllocations(ServiceAddresses addresses, NodePorts nodePorts) {
    this.addresses = addresses;
    this.nodePorts = nodePorts;
  }

  @Override
  public List<Op> claim(Row row, Obj service, Pass pass) {
    if (!isService(row)) {
      return List.of();
    }
    Snapshot snapshot = pass.snapshot();
    fill(service, snapshot);
    return claims(row, service, held(service), Set.of(), snapshot);
  }

  @Override
  public Runnable undo(Row row, Obj service) {
    if (!isService(row)) {
      return () -> {};
    }
    Map<String, Object> asked = Trees.copy(service.child("spec").map());
    return () -> service.put("spec", Trees.copy(asked));
  }

  @Override
  public List<Op> change(Row row, Obj next, Obj old, Pass pass) {
    if (!isService(row)) {
      return List.of();
    }
    keep(next, old);
    Set<Key> before = held(old);
    Snapshot snapshot = pass.snapshot();
    fill(next, snapshot);
    Set<Key> after = held(next);
    List<Op> ops = new ArrayList<>(claims(row, next, after, before, snapshot));
    for (Key key : before) {
      if (!after.contains(key) && snapshot.get(key).isPresent()) {
        ops.add(new Op.Delete(key, Op.ANY, new byte[0], -1));
      }
    }
    return ops;
  }

  @Override
  public List<Op> release(Row row, Obj old, Pass pass) {
    Snapshot snapshot = pass.snapshot();
    ServiceAddresses.refuseInUse(row, old, snapshot);
    if (!isService(row)) {
      return List.of();
    }
    return held(old).stream()
        .filter(key -> snapshot.get(key).isPresent())
        .<Op>map(key -> new Op.Delete(key, Op.ANY, new byte[0], -1))
        .toList();
  }

  private static boolean isService(Row row) {
    return row.table().equals("services");
  }

  /** What an update leaves out stays: clients send specs without what the server filled in. */
  private static void keep(Obj next, Obj old) {
    Obj spec = next.child("spec");
    Obj before = old.child("spec");
    if (needsAddress(spec) && needsAddress(before) && spec.text("clusterIP").isEmpty()) {
      spec.copy("clusterIP", before).copy("clusterIPs", before);
    }
    if (!needsPorts(spec)) {
      spec.items("ports").forEach(port -> port.drop("nodePort"));
      return;
    }
    for (Obj port : spec.items("ports")) {
      for (Obj was : before.items("ports")) {
        boolean same =
            was.number("port", 0) == port.number("port", 0)
                && was.text("protocol").equals(port.text("protocol"));
        if (same && !port.has("nodePort") && was.has("nodePort")) {
          port.copy("nodePort", was);
        }
      }
    }
  }

  private void fill(Obj service, Snapshot snapshot) {
    Obj spec = service.child("spec");
    if (!needsAddress(spec)) {
      if (spec.text("type").equals("ExternalName")) {
        spec.drop("clusterIP").drop("clusterIPs").drop("ipFamilies").drop("ipFamilyPolicy");
      }
    } else if (spec.text("clusterIP").isEmpty()) {
      spec.put("clusterIP", addresses.free(snapshot));
    }
    if (!spec.text("clusterIP").isEmpty()) {
      spec.put("clusterIPs", new ArrayList<Object>(List.of(spec.text("clusterIP"))));
      spec.fill("ipFamilies", new ArrayList<Object>(List.of("IPv4")));
      spec.fill("ipFamilyPolicy", "SingleStack");
    }
    Set<Long> chosen = new LinkedHashSet<>();
    chosen.add(spec.number(HEALTH_PORT, 0));
    spec.items("ports").forEach(port -> chosen.add(port.number("nodePort", 0)));
    if (needsPorts(spec)) {
      for (Obj port : spec.items("ports")) {
        if (port.number("nodePort", 0) == 0) {
          port.put("nodePort", nodePorts.free(snapshot, chosen));
          chosen.add(port.number("nodePort", 0));
        }
      }
    }
    if (ServiceRules.publishesHealth(spec) && spec.number(HEALTH_PORT, 0) == 0) {
      spec.put(HEALTH_PORT, nodePorts.free(snapshot, chosen));
    }
  }

  private static boolean needsAddress(Obj spec) {
    return !spec.text("type").equals("ExternalName");
  }

  private static boolean needsPorts(Obj spec) {
    return spec.text("type").equals("NodePort")
        || (spec.text("type").equals("LoadBalancer")
            && !Boolean.FALSE.equals(spec.get("allocateLoadBalancerNodePorts")));
  }

  static Set<Key> held(Obj service) {
    Obj spec = service.child("spec");
    Set<Key> keys = new LinkedHashSet<>();
    String address = spec.text("clusterIP");
    if (!address.isEmpty() && !address.equals("None")) {
      keys.add(ServiceAddresses.key(address));
    }
    for (Obj port : spec.items("ports")) {
      if (port.number("nodePort", 0) != 0) {
        keys.add(NodePorts.key(port.number("nodePort", 0)));
      }
    }
    if (spec.number(HEALTH_PORT, 0) != 0) {
      keys.add(NodePorts.key(spec.number(HEALTH_PORT, 0)));
    }
    return keys;
  }

  private List<Op> claims(Row row, Obj service, Set<Key> wanted, Set<Key> mine, Snapshot snapshot) {
    List<String> networks = ServiceAddresses.networks(snapshot);
    List<Op> ops = new ArrayList<>();
    for (Key key : wanted) {
      if (mine.contains(key)) {
        continue;
      }
      if (snapshot.get(key).isPresent()) {
        throw taken(row, service, key);
      }
      if (key.table().equals(NodePorts.TABLE)) {
        if (!NodePorts.isInside(Long.parseLong(key.path()))) {
          throw refused(
              row,
              service,
              FieldError.invalid(
                  field(service, key),
                  Long.parseLong(key.path()),
                  "provided port is not in the valid range. The range of valid ports is"
                      + " 30000-32767"));
        }
        ops.add(NodePorts.claim(key, service));
      } else {
        if (!ServiceAddresses.isInside(key.path(), networks)) {
          String why =
              "failed to allocate IP %s: the provided IP (%s) is not in the valid range. The range of valid IPs is %s"
                  .formatted(key.path(), key.path(), String.join(", ", networks));
          throw refused(
              row, service, FieldError.invalid("spec.clusterIPs", List.of(key.path()), why));
        }
        ops.add(addresses.claim(key.path(), service));
      }
    }
    return ops;
  }

  private static RuntimeException taken(Row row, Obj service, Key key) {
    boolean address = key.table().equals(ServiceAddresses.TABLE);
    FieldError error =
        address
            ? FieldError.invalid(
                "spec.clusterIPs",
                List.of(key.path()),
                "failed to allocate IP " + key.path() + ": provided IP is already allocated")
            : FieldError.invalid(
                field(service, key),
                Long.parseLong(key.path()),
                "provided port is already allocated");
    return refused(row, service, error);
  }

  /** Where a service names a node port. */
  private static String field(Obj service, Key key) {
    Obj spec = service.child("spec");
    return spec.items("ports").stream()
        .filter(port -> key.equals(NodePorts.key(port.number("nodePort", 0))))
        .findFirst()
        .map(port -> port.at("nodePort"))
        .orElse(spec.at(HEALTH_PORT));
  }

  private static RuntimeException refused(Row row, Obj service, FieldError error) {
    return Failures.invalid(row.resource(), service.child("metadata").text("name"), List.of(error));
  }
}
