package dev.kapell.controllers;

import dev.kapell.api.ResourceType;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.controllers.autoscaling.MetricsApi;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the controllers run on.
 *
 * @param client writes; must be allowed everything that controllers do
 * @param caches shared with whoever else runs in this process
 * @param instance where they run, for events
 * @param caPem the certificate of the cluster's authority now; asked again when {@link
 *     Controllers#authorityChanged} says so
 * @param customTypes the kinds that custom resource definitions add now; asked again whenever a
 *     definition changes
 * @param metrics what autoscalers go by
 * @param nodeGrace a node that is silent for longer counts as lost
 */
public record ControllerOptions(
    Client client,
    Caches caches,
    Clock clock,
    String instance,
    Supplier<String> caPem,
    Supplier<List<ResourceType<?>>> customTypes,
    MetricsApi metrics,
    Duration nodeGrace) {
  /** Four renewals of a lease, as in Kubernetes. */
  public static final Duration NODE_GRACE = Duration.ofSeconds(40);

  /** With the usual patience for nodes. */
  public ControllerOptions(
      Client client,
      Caches caches,
      Clock clock,
      String instance,
      Supplier<String> caPem,
      Supplier<List<ResourceType<?>>> customTypes,
      MetricsApi metrics) {
    this(client, caches, clock, instance, caPem, customTypes, metrics, NODE_GRACE);
  }

  /** Without metrics. */
  public ControllerOptions(
      Client client,
      Caches caches,
      Clock clock,
      String instance,
      Supplier<String> caPem,
      Supplier<List<ResourceType<?>>> customTypes) {
    this(client, caches, clock, instance, caPem, customTypes, MetricsApi.NONE);
  }

  /** These, with another patience for nodes. */
  public ControllerOptions withNodeGrace(Duration grace) {
    return new ControllerOptions(
        client, caches, clock, instance, caPem, customTypes, metrics, grace);
  }

  /** Without custom kinds and metrics. */
  public static ControllerOptions of(
      Client client, Caches caches, Clock clock, String instance, Supplier<String> caPem) {
    return new ControllerOptions(client, caches, clock, instance, caPem, List::of);
  }
}
