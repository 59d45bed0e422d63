package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.host.cgroup.CgroupLimits;
import dev.kapell.node.plan.Allocation;
import dev.kapell.node.plan.Change;
import dev.kapell.node.plan.ImageSeen;
import dev.kapell.node.plan.PodObserved;
import dev.kapell.node.plan.ProbeSeen;
import dev.kapell.node.plan.ResizeSeen;
import dev.kapell.node.plan.RestartWait;
import dev.kapell.node.plan.StartFailure;
import dev.kapell.node.plan.Verdict;
import dev.kapell.node.plan.VolumesSeen;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one pod beside what the runtime says. Thread-safe: every method holds the lock
 * for memory work only.
 */
final class PodMemory {
  private Pod pod;
  private boolean listed = true;
  private @Nullable Verdict verdict;
  private VolumesSeen volumes = new VolumesSeen.Unmounted();
  private final Map<String, ImageSeen> images = new HashMap<>();
  private final Map<String, StartFailure> failures = new HashMap<>();
  private final Map<String, RestartWait> restarts = new HashMap<>();
  private final Map<String, ProbeSeen> probes = new HashMap<>();
  private final Set<String> condemned = new HashSet<>();
  private final Set<String> stopped = new HashSet<>();
  private final Map<String, ResourceRequirements> applied = new HashMap<>();
  private final Map<String, StartFailure> resizeFailures = new HashMap<>();
  private final Set<String> sandboxes = new LinkedHashSet<>();
  private final Map<Change, Optional<Thread>> inFlight = new HashMap<>();
  private @Nullable StartFailure sandboxFailure;
  private @Nullable Allocation allocation;
  private @Nullable CgroupLimits group;

  PodMemory(Pod pod) {
    this.pod = pod;
  }

  /** The pod as the API has it. */
  synchronized Pod pod() {
    return pod;
  }

  /** The pod as it is to run: with the resources that the node has given to it. */
  synchronized Pod given() {
    return allocation == null ? pod : allocation.applyTo(pod);
  }

  /** Takes over what the node gives to the pod; answers what it gave before. */
  synchronized Optional<Allocation> allocation(Allocation next) {
    Optional<Allocation> before = Optional.ofNullable(allocation);
    if (before.isPresent() && !before.get().resources().equals(next.resources())) {
      resizeFailures.clear();
    }
    allocation = next;
    return before;
  }

  /** The bounds last set for the whole pod, by this agent. */
  synchronized @Nullable CgroupLimits group() {
    return group;
  }

  synchronized void group(CgroupLimits limits) {
    group = limits;
  }

  /** Takes over a newer state of the object. */
  synchronized void pod(Pod newer) {
    if (revision(newer) >= revision(pod)) {
      pod = newer;
    }
  }

  private static long revision(Pod pod) {
    String text = pod.metadata().resourceVersionOr("0");
    return text.chars().allMatch(Character::isDigit) && !text.isEmpty() ? Long.parseLong(text) : 0;
  }

  synchronized void gone() {
    listed = false;
  }

  synchronized boolean listed() {
    return listed;
  }

  synchronized void verdict(Verdict given) {
    if (verdict == null) {
      verdict = given;
    }
  }

  synchronized void volumes(VolumesSeen seen) {
    volumes = seen;
  }

  synchronized void volumesFailed(String message, Instant at) {
    int before = volumes instanceof VolumesSeen.Failed failed ? failed.failures() : 0;
    volumes = new VolumesSeen.Failed(message, before + 1, at);
  }

  synchronized void image(String container, ImageSeen seen) {
    images.put(container, seen);
  }

  synchronized void imageFailed(String container, String reason, String message, Instant at) {
    int before = images.get(container) instanceof ImageSeen.Failed failed ? failed.failures() : 0;
    images.put(container, new ImageSeen.Failed(reason, message, before + 1, at));
  }

  synchronized @Nullable ImageSeen image(String container) {
    return images.get(container);
  }

  synchronized void forgetImage(String container) {
    images.remove(container);
  }

  synchronized void startFailed(String container, String reason, String message, Instant at) {
    StartFailure before = failures.get(container);
    failures.put(
        container,
        new StartFailure(reason, message, before == null ? 1 : before.failures() + 1, at));
  }

  synchronized void started(String container) {
    failures.remove(container);
  }

  synchronized void backoff(String container, RestartWait wait) {
    restarts.put(container, wait);
  }

  synchronized @Nullable ProbeSeen probe(String containerId) {
    return probes.get(containerId);
  }

  synchronized void probe(String containerId, ProbeSeen seen) {
    probes.put(containerId, seen);
  }

  synchronized void condemn(String containerId) {
    condemned.add(containerId);
  }

  synchronized void stopped(String sandboxId) {
    stopped.add(sandboxId);
  }

  /** The runtime has these resources for the container. */
  synchronized void applied(String containerId, ResourceRequirements resources) {
    applied.put(containerId, resources);
    resizeFailures.remove(containerId);
  }

  synchronized void resizeFailed(String containerId, String message, Instant at) {
    StartFailure before = resizeFailures.get(containerId);
    resizeFailures.put(
        containerId,
        new StartFailure("Error", message, before == null ? 1 : before.failures() + 1, at));
  }

  synchronized void sandbox(String id) {
    sandboxes.add(id);
    sandboxFailure = null;
  }

  /** A sandbox that a failed call has left. */
  synchronized void stray(String id) {
    sandboxes.add(id);
  }

  synchronized void sandboxRemoved(String id) {
    sandboxes.remove(id);
  }

  synchronized List<String> sandboxes() {
    return List.copyOf(sandboxes);
  }

  synchronized void sandboxFailed(String message, Instant at) {
    int before = sandboxFailure == null ? 0 : sandboxFailure.failures();
    sandboxFailure = new StartFailure("FailedCreatePodSandBox", message, before + 1, at);
  }

  /** False when the change is already on its way. */
  synchronized boolean begin(Change change) {
    return inFlight.putIfAbsent(change, Optional.empty()) == null;
  }

  /** The change runs on this thread, which may be interrupted. */
  synchronized void running(Change change) {
    inFlight.replace(change, Optional.of(Thread.currentThread()));
  }

  synchronized void end(Change change) {
    inFlight.remove(change);
  }

  /**
   * Gives up what still builds the pod up, each thing once. A sandbox on its way is let through: it
   * is quick, and a call that is broken off might leave one that nobody knows.
   */
  synchronized void interruptBuilding() {
    inFlight.replaceAll(
        (change, thread) -> {
          if (!change.builds() || change instanceof Change.CreateSandbox) {
            return thread;
          }
          thread.ifPresent(Thread::interrupt);
          return Optional.empty();
        });
  }

  synchronized PodObserved observed(PodObserver.Seen runtime, List<String> hostIps) {
    Map<String, ProbeSeen> live = new HashMap<>(probes);
    ResizeSeen resizes =
        new ResizeSeen(applied, resizeFailures, allocation == null ? null : allocation.pending());
    PodObserved.Memory memory =
        new PodObserved.Memory(
            volumes, images, failures, restarts, live, condemned, stopped, resizes, sandboxFailure);
    return new PodObserved(
        given(),
        listed,
        verdict,
        runtime.sandboxes(),
        runtime.containers(),
        memory,
        inFlight.keySet(),
        hostIps);
  }

  /** Forgets what belongs to containers that are no longer there. */
  synchronized void keepOnly(Set<String> containerIds) {
    probes.keySet().retainAll(containerIds);
    condemned.retainAll(containerIds);
    applied.keySet().retainAll(containerIds);
    resizeFailures.keySet().retainAll(containerIds);
  }
}
