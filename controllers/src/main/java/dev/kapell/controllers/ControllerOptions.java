package dev.kapell.controllers;

import dev.kapell.api.ResourceType;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the controllers run on.
 *
 * @param client writes; must be allowed everything that controllers do
 * @param caches shared with whoever else runs in this process
 * @param instance where they run, for events
 * @param caPem the certificate of the cluster's authority
 * @param customTypes the kinds that custom resource definitions add now; asked again whenever a
 *     definition changes
 */
public record ControllerOptions(
    Client client,
    Caches caches,
    Clock clock,
    String instance,
    String caPem,
    Supplier<List<ResourceType<?>>> customTypes) {

  /** Without custom kinds. */
  public static ControllerOptions of(
      Client client, Caches caches, Clock clock, String instance, String caPem) {
    return new ControllerOptions(client, caches, clock, instance, caPem, List::of);
  }
}
