package dev.kapell.app.server;

import dev.kapell.apiserver.serving.ApiServer;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;

/** This machine as a node: container runtime, node agent, network. */
final class NodeWiring implements AutoCloseable {
  /** Every container of ours lives below this control group. */
  static final String CGROUP_ROOT = "/kapell";

  private NodeWiring() {}

  static NodeWiring prepare(ServerSettings settings, Clock clock) {
    return new NodeWiring();
  }

  void join(ApiServer api, Client client, Caches caches, String address) {}

  @Override
  public void close() {}
}
