package dev.kapell.node.pressure;

import dev.kapell.api.core.v1.Container;
import dev.kapell.base.Clock;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.ContainerSummary;
import dev.kapell.host.runtime.Images;
import dev.kapell.node.plan.PodContainers;
import dev.kapell.node.pod.Directories;
import dev.kapell.node.pod.PodWorkers;
import dev.kapell.node.self.NodeHealth;
import dev.kapell.node.stats.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks at the machine's room now and then and makes some when it runs out. */
public final class Pressure {
  private static final System.Logger LOG = System.getLogger("kapell.node");

  /** A condition stays so long after its reason has gone, so that it does not flap. */
  private static final Duration TRANSITION = Duration.ofMinutes(5);

  private static final Duration IMAGE_PERIOD = Duration.ofMinutes(5);

  private final ContainerRuntime runtime;
  private final Machine machine;
  private final PodWorkers pods;
  private final Path data;
  private final Clock clock;
  private final Eviction eviction;
  private final ImageGarbage garbage = new ImageGarbage();
  private Instant imagesAt = Instant.EPOCH;
  private Instant memoryAt = Instant.MIN;
  private Instant diskAt = Instant.MIN;
  private Instant tasksAt = Instant.MIN;
  private volatile NodeHealth health = new NodeHealth(true, "", false, false, false);

  /** Of this machine's pods; nothing is short before the first look. */
  public Pressure(
      ContainerRuntime runtime,
      Machine machine,
      PodWorkers pods,
      Usage usage,
      Directories directories,
      Clock clock) {
    this.runtime = runtime;
    this.machine = machine;
    this.pods = pods;
    this.data = directories.data();
    this.clock = clock;
    this.eviction = new Eviction(pods, usage, new StorageUse(usage, directories));
  }

  /** How much room there is; whether the runtime is ready is for others to say. From any thread. */
  public NodeHealth health() {
    return health;
  }

  /** One look; at most one pod goes for each thing that is short. */
  public void relieve() throws IOException {
    eviction.enforceLimits();
    Instant now = clock.now();
    Machine.DiskUsage imageDisk = machine.disk(runtime.imageFileSystem());
    Signals signals = signals(imageDisk);
    if (signals.disk() || Duration.between(imagesAt, now).compareTo(IMAGE_PERIOD) >= 0) {
      imagesAt = now;
      long surplus = signals.disk() ? Long.MAX_VALUE : Signals.surplus(imageDisk);
      if (collectImages(now, surplus) > 0 && signals.disk()) {
        signals = signals(machine.disk(runtime.imageFileSystem()));
      }
    }
    if (signals.memory()) {
      memoryAt = now;
      eviction.relieveMemory();
    }
    if (signals.disk()) {
      diskAt = now;
      eviction.relieveDisk();
    }
    if (signals.tasks()) {
      tasksAt = now;
    }
    health =
        new NodeHealth(true, "", lasts(memoryAt, now), lasts(diskAt, now), lasts(tasksAt, now));
  }

  private Signals signals(Machine.DiskUsage imageDisk) {
    return Signals.of(machine.memory(), machine.disk(data), imageDisk, machine.processes());
  }

  private static boolean lasts(Instant seen, Instant now) {
    return seen.isAfter(now.minus(TRANSITION));
  }

  /** Removes unused images worth {@code bytes}; answers how many. */
  private int collectImages(Instant now, long bytes) {
    List<Images.Image> images = runtime.images().list();
    Set<String> inUse = inUse(images);
    garbage.look(images, inUse, now);
    List<Images.Image> chosen = garbage.choose(images, inUse, now, bytes);
    for (Images.Image image : chosen) {
      LOG.log(
          System.Logger.Level.INFO,
          "image removed id={0} names={1}",
          image.id(),
          String.join(",", image.tags()));
      runtime.images().remove(image.id());
    }
    return chosen.size();
  }

  /** Of any container, running or not, and of what the pods of this node name. */
  private Set<String> inUse(List<Images.Image> images) {
    Set<String> names = new HashSet<>();
    for (ContainerSummary container : runtime.listContainers()) {
      names.add(container.image());
      names.add(container.imageRef());
    }
    for (PodWorkers.Running pod : pods.all()) {
      PodContainers.all(pod.pod()).map(Container::image).forEach(name -> names.add(name));
    }
    Set<String> ids = new HashSet<>();
    for (String name : names) {
      if (name != null && !name.isEmpty()) {
        runtime.images().find(name).ifPresent(image -> ids.add(image.id()));
      }
    }
    images.stream()
        .filter(image -> image.digests().stream().anyMatch(names::contains))
        .forEach(image -> ids.add(image.id()));
    return ids;
  }
}
