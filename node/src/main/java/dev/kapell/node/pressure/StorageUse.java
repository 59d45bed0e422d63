package dev.kapell.node.pressure;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EmptyDirVolumeSource;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.resource.Quantity;
import dev.kapell.host.file.DirectoryTree;
import dev.kapell.host.runtime.ContainerStats;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.pod.Directories;
import dev.kapell.node.pod.PodWorkers;
import dev.kapell.node.stats.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What pods have on the node's disk, and whether it is more than they may. */
final class StorageUse {
  private static final String STORAGE = "ephemeral-storage";

  private final Usage usage;
  private final Directories directories;

  StorageUse(Usage usage, Directories directories) {
    this.usage = usage;
    this.directories = directories;
  }

  /** Why the pod must go, in the kubelet's words; empty when it keeps within its limits. */
  Optional<String> excess(PodWorkers.Running running) throws IOException {
    Pod pod = running.pod();
    for (Volume volume : pod.spec().volumes()) {
      EmptyDirVolumeSource empty = volume.emptyDir();
      if (empty == null || !empty.mediumOr("").isEmpty()) {
        continue;
      }
      Quantity limit = empty.sizeLimit();
      if (limit != null && bytes(pod, volume) > limit.value()) {
        return Optional.of(
            "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". "
                .formatted(volume.nameOr(""), limit));
      }
    }
    long limits = 0;
    boolean all = true;
    for (Container container : pod.spec().containers()) {
      Quantity limit = limit(container.resources());
      if (limit != null && bytes(running, container.nameOr("")) > limit.value()) {
        return Optional.of(
            "Container %s exceeded its local ephemeral storage limit \"%s\". "
                .formatted(container.nameOr(""), limit));
      }
      all &= limit != null;
      limits += limit == null ? 0 : limit.value();
    }
    return all && limits > 0 && bytes(running) > limits
        ? Optional.of(
            "Pod ephemeral local storage usage exceeds the total limit of containers %s. "
                .formatted(Quantity.of(limits)))
        : Optional.empty();
  }

  private static @Nullable Quantity limit(@Nullable ResourceRequirements resources) {
    return resources == null ? null : resources.limits().get(STORAGE);
  }

  /** Layers, logs and disk-backed emptyDirs. */
  long bytes(PodWorkers.Running running) throws IOException {
    long sum = DirectoryTree.bytes(directories.logs(running.pod()));
    for (ContainerSeen container : running.containers()) {
      sum += layer(container);
    }
    for (Volume volume : running.pod().spec().volumes()) {
      EmptyDirVolumeSource empty = volume.emptyDir();
      if (empty != null && empty.mediumOr("").isEmpty()) {
        sum += bytes(running.pod(), volume);
      }
    }
    return sum;
  }

  private long bytes(PodWorkers.Running running, String container) throws IOException {
    long layers =
        running.containers().stream()
            .filter(seen -> seen.name().equals(container))
            .mapToLong(this::layer)
            .sum();
    return layers + DirectoryTree.bytes(directories.logs(running.pod()).resolve(container));
  }

  private long layer(ContainerSeen container) {
    ContainerStats stats = usage.latest().containers().get(container.id());
    return stats == null ? 0 : stats.writableLayerBytes();
  }

  private long bytes(Pod pod, Volume volume) throws IOException {
    Path folder = directories.pod(pod.metadata().uidOr("")).resolve("volumes");
    return DirectoryTree.bytes(folder.resolve(volume.nameOr("")));
  }
}
