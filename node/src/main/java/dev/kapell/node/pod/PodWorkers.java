package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.host.runtime.RuntimeEvent;
import dev.kapell.host.runtime.RuntimeListener;
import dev.kapell.host.runtime.SandboxSummary;
import dev.kapell.node.config.Labels;
import dev.kapell.node.config.PodFacts;
import dev.kapell.node.plan.Allocation;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.plan.ResizeRoom;
import dev.kapell.node.plan.SandboxSeen;
import dev.kapell.node.plan.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The workers of all pods of this node, by uid. Thread-safe. */
public final class PodWorkers implements RuntimeListener {
  private static final System.Logger LOG = System.getLogger("kapell.node");

  private final PodRoom room;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private final Map<String, PodWorker> owners = new ConcurrentHashMap<>();
  private final Map<String, List<String>> unclaimed = new ConcurrentHashMap<>();
  private final Allocations allocations;

  private final PodWorker.Registry registry =
      new PodWorker.Registry() {
        @Override
        public void owns(String id, PodWorker worker) {
          if (owners.put(id, worker) == null) {
            worker.wake(); // an event since it looked has found no owner
          }
        }

        @Override
        public Allocation allocation(PodWorker worker) {
          return allocations.review(worker.pod(), worker.waker());
        }

        @Override
        public void ended(PodWorker worker) {
          allocations.release(worker.pod());
        }

        @Override
        public void finished(PodWorker worker) {
          allocations.release(worker.pod());
          workers.remove(worker.pod().metadata().uidOr(""), worker);
          owners.values().removeIf(worker::equals);
        }
      };

  /** No pods yet. */
  public PodWorkers(PodRoom room) {
    this.room = room;
    this.allocations =
        new Allocations(new ResizeRoom(room.node().cpuMillis(), room.node().memoryBytes()));
  }

  /**
   * Takes over what the runtime has, before the first {@link #changed}: the sandboxes of known pods
   * are adopted by their workers, and what belongs to no pod is taken down.
   *
   * @param pods those that the API has for this node
   * @return done once the API has been told how each of {@code pods} is now
   */
  public CompletableFuture<Void> adopt(List<Pod> pods) throws IOException {
    Map<String, List<SandboxSummary>> byUid =
        room.runtime().listSandboxes().stream()
            .filter(s -> s.labels().containsKey(Labels.POD_UID))
            .collect(Collectors.groupingBy(s -> s.pod().uid()));
    byUid.forEach(
        (uid, sandboxes) ->
            unclaimed.put(uid, sandboxes.stream().map(s -> s.id().value()).toList()));
    pods.forEach(pod -> changed(null, pod));
    allocations.open();
    CompletableFuture<Void> told =
        CompletableFuture.allOf(
            workers.values().stream().map(PodWorker::told).toArray(CompletableFuture[]::new));
    byUid.forEach(
        (uid, sandboxes) -> {
          if (!workers.containsKey(uid)) {
            takeDown(sandboxes.getFirst());
          }
        });
    removeStrayFolders();
    return told;
  }

  private void takeDown(SandboxSummary sandbox) {
    LOG.log(
        System.Logger.Level.INFO,
        "orphan taken down object={0}/{1}",
        sandbox.pod().namespace(),
        sandbox.pod().name());
    Pod stub =
        Pod.builder()
            .metadata(
                ObjectMeta.builder()
                    .namespace(sandbox.pod().namespace())
                    .name(sandbox.pod().name())
                    .uid(sandbox.pod().uid())
                    .build())
            .spec(PodSpec.EMPTY)
            .build();
    PodWorker worker = worker(stub);
    worker.gone();
  }

  private void removeStrayFolders() throws IOException {
    if (!Files.isDirectory(room.directories().pods())) {
      return;
    }
    List<Path> folders;
    try (Stream<Path> entries = Files.list(room.directories().pods())) {
      folders = entries.toList();
    }
    for (Path folder : folders) {
      String uid = folder.getFileName().toString();
      if (!workers.containsKey(uid)) {
        Pod stub = Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withUid(uid));
        room.volumes().release(new PodFacts(stub, List.of(), room.node(), folder, folder));
      }
    }
  }

  /** A pod of this node is new, changed or gone. Returns at once. */
  public void changed(@Nullable Pod before, @Nullable Pod after) {
    if (after == null) {
      if (before != null) {
        gone(before);
      }
      return;
    }
    if (before != null && !before.metadata().uidOr("").equals(after.metadata().uidOr(""))) {
      gone(before);
    }
    PodWorker known = workers.get(after.metadata().uidOr(""));
    if (known == null) {
      worker(after);
    } else {
      known.changed(after);
    }
  }

  private void gone(Pod pod) {
    PodWorker worker = workers.get(pod.metadata().uidOr(""));
    if (worker != null) {
      worker.changed(pod);
      worker.gone();
    }
  }

  private PodWorker worker(Pod pod) {
    String uid = pod.metadata().uidOr("");
    List<String> sandboxes = unclaimed.getOrDefault(uid, List.of());
    unclaimed.remove(uid);
    PodWorker worker = new PodWorker(room, pod, sandboxes, registry);
    if (sandboxes.isEmpty()) {
      admit(worker);
    }
    workers.put(uid, worker);
    if (!HostPorts.ended(pod)) {
      registry.allocation(worker);
    }
    worker.start();
    return worker;
  }

  /** A pod may ask for what the node cannot give, or another pod has. */
  private void admit(PodWorker worker) {
    if (HostPorts.ended(worker.pod())) {
      return;
    }
    List<Pod> others =
        workers.values().stream().filter(PodWorker::listed).map(PodWorker::pod).toList();
    var modules = room.node().securityModules();
    Unsupported.verdict(worker.pod(), modules)
        .or(() -> HostPorts.verdict(worker.pod(), others))
        .ifPresentOrElse(
            worker::refuse,
            () -> Unsupported.remark(worker.pod(), modules).ifPresent(worker::remark));
  }

  @Override
  public void event(RuntimeEvent event) {
    PodWorker owner = owners.get(event.id());
    if (owner != null) {
      owner.wake();
    }
  }

  @Override
  public void resync(String reason) {
    LOG.log(System.Logger.Level.DEBUG, "looking at every pod reason={0}", reason);
    workers.values().forEach(PodWorker::wake);
  }

  /** Something that the volumes of these pods are made from has changed. */
  public void refreshVolumes(Predicate<Pod> of) {
    workers.values().stream().filter(w -> of.test(w.pod())).forEach(PodWorker::refreshVolumes);
  }

  /**
   * Makes a pod fail, for instance because the node is short of memory. False when there is no such
   * pod.
   */
  public boolean refuse(String uid, Verdict verdict) {
    PodWorker worker = workers.get(uid);
    if (worker == null) {
      return false;
    }
    worker.refuse(verdict);
    return true;
  }

  /** The pods of this node, with what the runtime last said of them. */
  public List<Running> all() {
    return workers.values().stream()
        .map(w -> new Running(w.pod(), w.latest().sandboxes(), w.latest().containers()))
        .toList();
  }

  /** The pod of this name; the one that is not being deleted, if there are two. */
  public Optional<Running> find(String namespace, String name) {
    return all().stream()
        .filter(r -> r.pod().metadata().namespaceOr("").equals(namespace))
        .filter(r -> r.pod().metadata().nameOr("").equals(name))
        .min(java.util.Comparator.comparing(r -> r.pod().metadata().deletionTimestamp() != null));
  }

  /**
   * A pod and its attempts, the newest first.
   *
   * @param sandboxes of the runtime
   * @param containers of the runtime
   */
  public record Running(Pod pod, List<SandboxSeen> sandboxes, List<ContainerSeen> containers) {
    /** Newest attempts first. */
    public Running {
      sandboxes =
          sandboxes.stream()
              .sorted(java.util.Comparator.comparingInt(SandboxSeen::attempt).reversed())
              .toList();
      containers =
          containers.stream()
              .sorted(java.util.Comparator.comparingInt(ContainerSeen::attempt).reversed())
              .toList();
    }

    /** The container's newest attempt, or the one before. */
    public Optional<ContainerSeen> container(String name, boolean previous) {
      return containers.stream()
          .filter(c -> c.name().equals(name))
          .skip(previous ? 1 : 0)
          .findFirst();
    }
  }
}
