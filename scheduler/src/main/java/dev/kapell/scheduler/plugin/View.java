package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.cluster.Cluster;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What plugins may look at.
 *
 * @param namespaceLabels the labels of a namespace, empty when it is not known
 */
public record View(
    Cluster cluster,
    Function<String, Map<String, String>> namespaceLabels,
    Function<ObjectKey, Optional<PersistentVolumeClaim>> claims,
    Function<String, Optional<PersistentVolume>> volumes) {}
