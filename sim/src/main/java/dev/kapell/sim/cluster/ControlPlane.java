package dev.kapell.sim.cluster;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.Client;
import java.util.ArrayList;
import java.util.List;

/**
 * One process, wired as the server wires it: API pipeline, controllers, scheduler. Or, where
 * managers contend for the lead, a server and several of them.
 */
final class ControlPlane implements AutoCloseable {
  private final ApiCore core;
  private final List<Manager> managers = new ArrayList<>();
  private final List<Contender> contenders = new ArrayList<>();

  private ControlPlane(Site site, Life life) {
    ProcessStore store = new ProcessStore(site.store(), life, site);
    this.core =
        ApiCore.open(
            new ApiCore.Needs(
                site.interference().forServer(store),
                site.lane(),
                site.random(),
                order -> {
                  throw new IllegalStateException("nobody asks for tokens in a simulation");
                }));
    Client client = core.client(User.SYSTEM, "kapell");
    if (site.managers() == 1) {
      managers.add(Manager.start(site, client));
    }
    for (int i = 0; i < site.managers() && site.managers() > 1; i++) {
      contenders.add(Contender.start(site, client, "manager-" + i));
    }
  }

  static ControlPlane start(Site site, Life life) {
    return new ControlPlane(site, life);
  }

  /** A client that asks this process. */
  Client client(String manager) {
    return core.client(User.SYSTEM, manager);
  }

  /** The record that its clients see. */
  <T extends ApiObject> T record(ResourceType<T> type, byte[] stored) {
    return core.record(type, stored);
  }

  /** Whoever leads does not reach the server any more. */
  void cutLeader() {
    contenders.stream().filter(Contender::leads).forEach(Contender::cut);
  }

  /** All reach it again. */
  void mendLeaders() {
    contenders.forEach(Contender::mend);
  }

  @Override
  public void close() {
    managers.forEach(Manager::close);
    contenders.forEach(Contender::close);
    core.close();
  }
}
