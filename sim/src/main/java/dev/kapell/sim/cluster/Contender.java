package dev.kapell.sim.cluster;

import dev.kapell.base.TaskScope;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.lease.LeaderElection;
import java.util.concurrent.CountDownLatch;

/**
 * A manager that works only while it leads. Its line to the API server can be cut.
 *
 * <pre>
 *   waits ──lease──▶ leads ──cut, for longer than it may──▶ waits
 * </pre>
 */
final class Contender implements AutoCloseable {
  /** What they contend for. */
  static final ObjectKey LEASE = new ObjectKey("kube-system", "managers");

  private static final System.Logger LOG = System.getLogger("kapell.sim");

  private final Site site;
  private final Client server;
  private final String name;
  private final Door line = new Door();
  private final Client client;
  private final TaskScope scope;
  private boolean leading;

  private Contender(Site site, Client server, String name) {
    this.site = site;
    this.server = server;
    this.name = name;
    this.scope =
        new TaskScope(name, (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
    this.client =
        new ForwardingClient() {
          @Override
          protected Client to() {
            site.authors().assign(Thread.currentThread(), name);
            return line;
          }
        };
    line.open(server);
  }

  /** Starts to contend; {@code server} is what it asks while its line is whole. */
  static Contender start(Site site, Client server, String name) {
    Contender contender = new Contender(site, server, name);
    contender.scope.start("contend", contender::contend);
    return contender;
  }

  private void contend() throws InterruptedException {
    Client seen = site.interference().forControllers(client);
    new LeaderElection(seen, site.lane(), LeaderElection.Terms.of(LEASE, name)).run(this::lead);
  }

  private void lead() throws InterruptedException {
    leading = true;
    try (Manager manager = Manager.start(site, client)) {
      LOG.log(System.Logger.Level.DEBUG, "{0} leads with {1}", name, manager);
      new CountDownLatch(1).await(); // until it is told to stop
    } finally {
      leading = false;
    }
  }

  boolean leads() {
    return leading;
  }

  void cut() {
    line.shut();
  }

  void mend() {
    line.open(server);
  }

  @Override
  public void close() {
    line.shut();
    scope.close();
  }
}
