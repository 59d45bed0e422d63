package dev.kapell.sim.cluster;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.sim.lane.Lane;
import dev.kapell.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A control plane that is started again whenever its process dies. To be used on its lane only.
 *
 * <pre>
 *   serving ──crash after the n-th write──▶ down ──a while──▶ serving (same store)
 * </pre>
 */
public final class Cluster implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.sim");
  private static final List<String> NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");
  private static final Duration DOWN = Duration.ofSeconds(3);

  private final Site site;
  private final Door door = new Door();
  private final Semaphore deaths = new Semaphore(0);
  private final TaskScope supervisor =
      new TaskScope("supervisor", (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
  private Life life;
  private ControlPlane plane;
  private int crashes;

  private Cluster(Site site) {
    this.site = site;
    this.life = new Life(deaths::release);
    this.plane = ControlPlane.start(site, life);
    door.open(plane.client("user"));
    NAMESPACES.forEach(this::createNamespace);
    supervisor.start("restarts", this::restartWhenDead);
  }

  /**
   * Starts the first process on {@code store}.
   *
   * @param managers how many sets of controllers contend for the lead
   */
  public static Cluster start(
      Lane lane, Randomness random, Store store, int managers, Interference spoils) {
    return new Cluster(
        new Site(
            lane, random, store, new Weather(random), new Authors(), new Load(), managers, spoils));
  }

  private void createNamespace(String name) {
    create(
        Types.NAMESPACE,
        Namespace.builder().metadata(ObjectMeta.builder().name(name).build()).build());
  }

  private <T extends ApiObject> void create(ResourceType<T> type, T object) {
    try {
      door.create(type, object);
    } catch (ApiFailure e) {
      if (!e.isAlreadyExists()) {
        throw e;
      }
    }
  }

  private void restartWhenDead() throws InterruptedException {
    while (true) {
      deaths.acquire();
      crashes++;
      door.shut();
      plane.close();
      site.lane().sleep(DOWN);
      startAgain();
    }
  }

  private void startAgain() throws InterruptedException {
    while (true) {
      try {
        life = new Life(deaths::release);
        plane = ControlPlane.start(site, life);
        door.open(plane.client("user"));
        return;
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "a start failed", e);
        site.lane().sleep(DOWN);
      }
    }
  }

  /** The process dies once it has made so many more writes. */
  public void crashAfter(int writes) {
    life.dieAfter(writes);
  }

  /** Whoever leads does not reach the API any more. */
  public void cutLeader() {
    plane.cutLeader();
  }

  /** Everybody reaches the API again. */
  public void mendLeaders() {
    plane.mendLeaders();
  }

  /** What pods have to do. */
  public Load load() {
    return site.load();
  }

  /** How often it died. */
  public int crashes() {
    return crashes;
  }

  /** A client that reaches whoever serves; refused with 503 while nobody does. */
  public Client client() {
    return site.interference().forUsers(door);
  }

  /** A client that nothing spoils, for simulated nodes. */
  public Client nodeClient() {
    return door;
  }

  /** What bytes of the store say, decoded once for all who serve and look on. */
  public <T extends ApiObject> T record(ResourceType<T> type, byte[] stored) {
    return plane.record(type, stored);
  }

  /** What the store is like. */
  public Weather weather() {
    return site.weather();
  }

  /** Who wrote what. */
  public Authors authors() {
    return site.authors();
  }

  @Override
  public void close() {
    supervisor.close();
    door.shut();
    plane.close();
  }
}
