package dev.kapell.sim.node;

import dev.kapell.api.Types;
import dev.kapell.api.coordination.v1.Lease;
import dev.kapell.api.coordination.v1.LeaseSpec;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Outcome;
import dev.kapell.control.loop.Reconciler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the Node and the Lease of each machine that answers. One node at a time, by any thread. */
final class NodeLoop implements Reconciler<String> {
  private static final String LEASES = "kube-node-lease";
  private static final int LEASE_SECONDS = 40;

  private final Client client;
  private final Cache<Node> nodes;
  private final Machines machines;
  private final Clock clock;
  private final Duration renewal;
  private final Map<String, Lease> leases = new ConcurrentHashMap<>();

  NodeLoop(Client client, Cache<Node> nodes, Machines machines, Clock clock, Duration renewal) {
    this.client = client;
    this.nodes = nodes;
    this.machines = machines;
    this.clock = clock;
    this.renewal = renewal;
  }

  @Override
  public Outcome reconcile(String name) {
    Optional<Machine> machine = machines.find(name).filter(Machine::answers);
    if (machine.isEmpty()) {
      return Outcome.done();
    }
    Shape shape = machine.get().shape();
    Optional<Node> known = nodes.find(ObjectKey.cluster(name));
    Node node = known.isPresent() ? known.get() : register(shape);
    Node told =
        NodeLife.told(node, shape, machines.address(shape.name()), SimulatedNodes.second(clock));
    if (!told.equals(node)) {
      nodes.written(client.updateStatus(Types.NODE, told));
    }
    renew(name);
    return Outcome.again(renewal);
  }

  private Node register(Shape shape) {
    try {
      return client.create(Types.NODE, NodeLife.fresh(shape));
    } catch (ApiFailure e) {
      if (!e.isAlreadyExists()) {
        throw e;
      }
      return client.get(Types.NODE, ObjectKey.cluster(shape.name()));
    }
  }

  private void renew(String name) {
    Lease held = leases.get(name);
    if (held != null) {
      LeaseSpec spec = held.spec().withRenewTime(clock.now());
      try {
        leases.put(name, client.update(Types.LEASE, held.withSpec(spec)));
        return;
      } catch (ApiFailure e) {
        if (!e.isConflict() && !e.isNotFound()) {
          throw e;
        }
        leases.remove(name);
      }
    }
    ObjectKey key = new ObjectKey(LEASES, name);
    leases.put(
        name,
        client.find(Types.LEASE, key).orElseGet(() -> client.create(Types.LEASE, fresh(key))));
  }

  private Lease fresh(ObjectKey key) {
    return Lease.builder()
        .metadata(ObjectMeta.builder().namespace(key.namespace()).name(key.name()).build())
        .spec(
            LeaseSpec.builder()
                .holderIdentity(key.name())
                .leaseDurationSeconds(LEASE_SECONDS)
                .renewTime(clock.now())
                .build())
        .build();
  }
}
