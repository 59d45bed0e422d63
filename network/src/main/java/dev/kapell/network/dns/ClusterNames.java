package dev.kapell.network.dns;

import dev.kapell.api.core.v1.Service;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.client.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Gives a server the names of what a cluster has now. One thread. */
public final class ClusterNames {
  private final DnsServer server;
  private final String domain;
  private int serial;

  /** Names under {@code domain}. */
  public ClusterNames(DnsServer server, String domain) {
    this.server = server;
    this.domain = domain;
  }

  /** From now on the server answers from these. */
  public void update(
      Collection<Service> services, Function<ObjectKey, List<EndpointSlice>> slices) {
    server.names(Zones.of(domain, services, slices, ++serial));
  }
}
