package dev.kapell.apiserver;

import dev.kapell.apiserver.registry.Registry;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.remote.RemoteCalls;
import dev.kapell.apiserver.remote.ServiceEndpoints;
import dev.kapell.apiserver.webhook.Conditions;
import dev.kapell.apiserver.webhook.HookMeter;
import dev.kapell.apiserver.webhook.Webhooks;
import dev.kapell.http.Upstreams;

/** The ways from the API server to other servers: connections, services, webhooks. Thread-safe. */
public final class Outside implements AutoCloseable {
  private final Upstreams upstreams = new Upstreams("kapell-upstreams");
  private final ServiceEndpoints services;
  private final RemoteCalls calls;
  private final Webhooks webhooks;

  Outside(ApiCore.Needs needs, Rows rows, Conditions conditions) {
    this.services = new ServiceEndpoints(Registry.lookup(needs.store()), needs.randomness());
    this.calls = new RemoteCalls(upstreams, services);
    this.webhooks =
        new Webhooks(
            new Webhooks.Needs(
                needs.store(),
                rows,
                calls,
                conditions,
                needs.randomness(),
                new HookMeter(needs.meters(), needs.clock())));
  }

  /** The plugin that asks admission webhooks. */
  Webhooks webhooks() {
    return webhooks;
  }

  /** Connections to other servers. */
  public Upstreams upstreams() {
    return upstreams;
  }

  /** What stands behind services. */
  public ServiceEndpoints services() {
    return services;
  }

  /** Calls to servers that objects name. */
  public RemoteCalls calls() {
    return calls;
  }

  @Override
  public void close() {
    webhooks.close();
    upstreams.close();
  }
}
