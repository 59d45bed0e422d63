package dev.kapell.scheduler.plugin;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.device.Devices;
import dev.kapell.scheduler.storage.Storage;
import java.util.Map;
import java.util.function.Function;

/**
 * What plugins may look at.
 *
 * @param cluster nodes and the pods on them
 * @param storage volumes and claims
 * @param devices what drivers offer, and the claims of it
 * @param owners what pods belong together
 * @param budgets what may be disrupted
 */
public record View(
    Cluster cluster, Storage storage, Devices devices, Owners owners, Budgets budgets) {
  /** Of nothing but nodes and pods. */
  public static View of(Cluster cluster) {
    return new View(cluster, Storage.none(), Devices.none(), Owners.NONE, Budgets.NONE);
  }

  /** Of {@code cluster}, and of what {@code caches} hold of everything else. */
  public static View of(Cluster cluster, Caches caches) {
    return new View(
        cluster, Storage.of(caches), Devices.of(caches), Owners.of(caches), Budgets.of(caches));
  }

  /** The labels of a namespace by its name, as {@code caches} know them. */
  public static Function<String, Map<String, String>> namespaceLabels(Caches caches) {
    Cache<Namespace> namespaces = caches.of(Types.NAMESPACE);
    return name ->
        namespaces
            .find(ObjectKey.cluster(name))
            .map(namespace -> namespace.metadata().labels())
            .orElse(Map.of());
  }
}
