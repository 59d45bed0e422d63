package dev.kapell.host.runtime;

import dev.kapell.base.Clock;
import dev.kapell.host.net.Subnet;
import dev.kapell.host.runtime.RuntimeFailure.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A runtime in memory: the twin of {@link CriRuntime} for tests, simulations and clusters without
 * root. Time is the clock's, so it also runs under a virtual one.
 *
 * <p>One lock guards the state. Events are delivered by the thread that caused them, after that
 * lock is given back, one at a time; under a manual clock a run is therefore the same every time.
 */
public final class SimulatedRuntime implements ContainerRuntime {
  private static final int KILLED = 137;
  private static final int TERMINATED = 143;
  private static final long MEMORY_BYTES = 5L << 20;

  private final Clock clock;
  private final SimulatedProgram program;
  private final SimulatedImages images = new SimulatedImages();
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock delivering = new ReentrantLock();
  private final List<RuntimeListener> listeners = new CopyOnWriteArrayList<>();
  private final Map<SandboxId, SimulatedSandbox> sandboxes = new LinkedHashMap<>();
  private final Map<ContainerId, SimulatedContainer> containers = new LinkedHashMap<>();
  private Subnet podRange;
  private long nextId = 1;
  private long nextAddress = 2;
  private boolean answering = true;

  /** A runtime whose containers run a little shell, with addresses from 10.42.0.0/24. */
  public SimulatedRuntime(Clock clock) {
    this(clock, SimulatedProgram.shell(), Subnet.parse("10.42.0.0/24"));
  }

  /** A runtime whose containers do what {@code program} says. */
  public SimulatedRuntime(Clock clock, SimulatedProgram program, Subnet podRange) {
    this.clock = clock;
    this.program = program;
    this.podRange = podRange;
  }

  /** Changes or reads the state; then tells the listeners what came of it. */
  private <T> T locked(Supplier<T> work, List<RuntimeEvent> events) {
    T result;
    lock.lock();
    try {
      if (!answering) {
        throw new RuntimeFailure(Kind.UNAVAILABLE, "no container runtime answers");
      }
      result = work.get();
    } finally {
      lock.unlock();
    }
    events.forEach(event -> deliver(listener -> listener.event(event)));
    return result;
  }

  private <T> T locked(Supplier<T> work) {
    return locked(work, List.of());
  }

  private void deliver(java.util.function.Consumer<RuntimeListener> delivery) {
    delivering.lock();
    try {
      listeners.forEach(delivery);
    } finally {
      delivering.unlock();
    }
  }

  // What a test does to it

  /** Ends a running container as if by itself. */
  public void exit(ContainerId container, int exitCode) {
    List<RuntimeEvent> events = new ArrayList<>();
    locked(() -> ended(containers.get(container), exitCode, "", events), events);
  }

  /** What a container was last given. */
  public LinuxResources resources(ContainerId container) {
    return locked(() -> require(container).resources());
  }

  /** The kernel kills a running container for lack of memory. */
  public void outOfMemory(ContainerId container) {
    List<RuntimeEvent> events = new ArrayList<>();
    locked(
        () -> {
          events.add(new RuntimeEvent.OutOfMemory(container.value()));
          return ended(containers.get(container), KILLED, "OOMKilled", events);
        },
        events);
  }

  /**
   * Every call fails while the runtime is down; listeners are told to look again when it is back.
   */
  public void setAnswering(boolean answers) {
    lock.lock();
    try {
      answering = answers;
    } finally {
      lock.unlock();
    }
    if (answers) {
      deliver(listener -> listener.resync("the runtime is back"));
    }
  }

  private boolean ended(
      @org.jspecify.annotations.Nullable SimulatedContainer container,
      int exitCode,
      String reason,
      List<RuntimeEvent> events) {
    if (container == null || !container.end(clock.now(), exitCode, reason)) {
      return false;
    }
    events.add(new RuntimeEvent.Exited(container.id().value(), exitCode, clock.now()));
    return true;
  }

  private String newId() {
    return "%064x".formatted(nextId++);
  }

  // The contract

  @Override
  public RuntimeVersion version() {
    return locked(() -> new RuntimeVersion("simulated", "1", "v1"));
  }

  @Override
  public RuntimeStatus status() {
    return locked(() -> new RuntimeStatus(true, true, ""));
  }

  @Override
  public void updatePodRange(String podCidr) {
    locked(() -> podRange = Subnet.parse(podCidr));
  }

  @Override
  public SandboxId runSandbox(SandboxSpec spec) {
    List<RuntimeEvent> events = new ArrayList<>();
    return locked(
        () -> {
          if (sandboxes.values().stream()
              .anyMatch(other -> other.spec().pod().equals(spec.pod()))) {
            throw new RuntimeFailure(
                Kind.ALREADY_EXISTS, "the sandbox of " + spec.pod() + " is there already");
          }
          SandboxId id = new SandboxId(newId());
          boolean host = spec.namespaces().network() == NamespaceOptions.Mode.NODE;
          String ip = host ? "" : podRange.host(nextAddress++).getHostAddress();
          sandboxes.put(id, new SimulatedSandbox(id, spec, ip, clock.now()));
          events.add(new RuntimeEvent.Started(id.value()));
          return id;
        },
        events);
  }

  @Override
  public void stopSandbox(SandboxId sandbox) {
    List<RuntimeEvent> events = new ArrayList<>();
    locked(
        () -> {
          of(sandbox).forEach(container -> ended(container, KILLED, "", events));
          SimulatedSandbox found = sandboxes.get(sandbox);
          if (found != null && found.stop()) {
            events.add(new RuntimeEvent.Exited(sandbox.value(), 0, clock.now()));
          }
          return true;
        },
        events);
  }

  @Override
  public void removeSandbox(SandboxId sandbox) {
    stopSandbox(sandbox);
    locked(
        () -> {
          of(sandbox).forEach(container -> containers.remove(container.id()));
          return Optional.ofNullable(sandboxes.remove(sandbox));
        });
  }

  private List<SimulatedContainer> of(SandboxId sandbox) {
    return containers.values().stream()
        .filter(container -> container.sandbox().equals(sandbox))
        .toList();
  }

  @Override
  public List<SandboxSummary> listSandboxes() {
    return locked(() -> sandboxes.values().stream().map(SimulatedSandbox::summary).toList());
  }

  @Override
  public Optional<SandboxStatus> sandboxStatus(SandboxId sandbox) {
    return locked(() -> Optional.ofNullable(sandboxes.get(sandbox)).map(SimulatedSandbox::status));
  }

  @Override
  public ContainerId createContainer(SandboxId in, SandboxSpec sandbox, ContainerSpec spec) {
    return locked(
        () -> {
          SimulatedSandbox found = sandboxes.get(in);
          if (found == null) {
            throw new RuntimeFailure(Kind.NOT_FOUND, "no sandbox " + in);
          }
          Images.Image image =
              images
                  .find(spec.image())
                  .orElseThrow(
                      () -> new RuntimeFailure(Kind.NOT_FOUND, "no image " + spec.image()));
          boolean taken =
              of(in).stream()
                  .anyMatch(
                      other ->
                          other.spec().name().equals(spec.name())
                              && other.spec().attempt() == spec.attempt());
          if (taken) {
            throw new RuntimeFailure(
                Kind.ALREADY_EXISTS, spec.name() + " attempt " + spec.attempt() + " is there");
          }
          ContainerId id = new ContainerId(newId());
          String log = sandbox.logDirectory().resolve(spec.logPath()).toString();
          containers.put(id, new SimulatedContainer(id, in, spec, image.id(), log, clock.now()));
          return id;
        });
  }

  @Override
  public void startContainer(ContainerId container) {
    List<RuntimeEvent> events = new ArrayList<>();
    SimulatedProgram.Course course =
        locked(
            () -> {
              SimulatedContainer found = require(container);
              SimulatedProgram.Course planned = program.start(found.spec());
              if (!planned.startFailure().isEmpty()) {
                found.failToStart(clock.now(), planned.startFailure());
                return planned;
              }
              found.start(clock.now());
              events.add(new RuntimeEvent.Started(container.value()));
              return planned;
            },
            events);
    if (!course.startFailure().isEmpty()) {
      throw new RuntimeFailure(Kind.START_FAILED, course.startFailure());
    }
    Duration lasts = course.lasts();
    if (lasts != null) {
      clock.schedule(lasts, () -> exit(container, course.exitCode()));
    }
  }

  private SimulatedContainer require(ContainerId container) {
    SimulatedContainer found = containers.get(container);
    if (found == null) {
      throw new RuntimeFailure(Kind.NOT_FOUND, "no container " + container);
    }
    return found;
  }

  @Override
  public void stopContainer(ContainerId container, Duration grace, String signal) {
    stopContainer(container, grace);
  }

  @Override
  public void stopContainer(ContainerId container, Duration grace) {
    List<RuntimeEvent> events = new ArrayList<>();
    int exitCode = grace.isPositive() ? TERMINATED : KILLED;
    locked(() -> ended(containers.get(container), exitCode, "", events), events);
  }

  @Override
  public void removeContainer(ContainerId container) {
    stopContainer(container, Duration.ZERO);
    locked(() -> Optional.ofNullable(containers.remove(container)));
  }

  @Override
  public List<ContainerSummary> listContainers() {
    return locked(() -> containers.values().stream().map(SimulatedContainer::summary).toList());
  }

  @Override
  public List<ContainerSummary> listContainers(SandboxId sandbox) {
    return locked(() -> of(sandbox).stream().map(SimulatedContainer::summary).toList());
  }

  @Override
  public Optional<ContainerStatus> containerStatus(ContainerId container) {
    return locked(
        () -> Optional.ofNullable(containers.get(container)).map(SimulatedContainer::status));
  }

  @Override
  public ExecResult execSync(ContainerId container, List<String> command, Duration limit) {
    ContainerSpec spec = locked(() -> running(container).spec());
    SimulatedProgram.Answer answer = program.exec(spec, command);
    boolean tooLong = answer.lasts().compareTo(limit) > 0;
    try {
      clock.sleep(tooLong ? limit : answer.lasts());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure(Kind.INTERRUPTED, "interrupted during exec", e);
    }
    if (tooLong) {
      throw new RuntimeFailure(
          Kind.DEADLINE_EXCEEDED, "command timed out after " + limit.toSeconds() + " s");
    }
    return answer.result();
  }

  private SimulatedContainer running(ContainerId container) {
    SimulatedContainer found = require(container);
    if (found.state() != ContainerState.RUNNING) {
      throw new RuntimeFailure(Kind.OTHER, "container " + container + " is not running");
    }
    return found;
  }

  @Override
  public URI execUrl(ContainerId container, List<String> command, StreamOptions streams) {
    throw noStreams("exec");
  }

  @Override
  public URI attachUrl(ContainerId container, StreamOptions streams) {
    throw noStreams("attach");
  }

  @Override
  public URI portForwardUrl(SandboxId sandbox, List<Integer> ports) {
    throw noStreams("port-forward");
  }

  private static RuntimeFailure noStreams(String what) {
    return new RuntimeFailure(Kind.UNSUPPORTED, what + " needs a real node; this one is simulated");
  }

  @Override
  public void updateResources(ContainerId container, LinuxResources resources) {
    locked(
        () -> {
          require(container).resources(resources);
          return container;
        });
  }

  @Override
  public void reopenLog(ContainerId container) {
    locked(() -> require(container).spec());
  }

  @Override
  public Optional<ContainerStats> stats(ContainerId container) {
    return stats().stream().filter(stats -> stats.id().equals(container)).findFirst();
  }

  @Override
  public List<ContainerStats> stats() {
    return locked(
        () ->
            containers.values().stream()
                .filter(container -> container.state() == ContainerState.RUNNING)
                .map(container -> container.stats(clock.now(), MEMORY_BYTES))
                .toList());
  }

  @Override
  public SimulatedImages images() {
    return images;
  }

  @Override
  public Subscription subscribe(RuntimeListener listener) {
    listeners.add(listener);
    delivering.lock();
    try {
      listener.resync("subscribed");
    } finally {
      delivering.unlock();
    }
    return () -> {
      delivering.lock();
      try {
        listeners.remove(listener);
      } finally {
        delivering.unlock();
      }
    };
  }

  @Override
  public Path imageFileSystem() {
    return Path.of("/");
  }

  @Override
  public void close() {
    listeners.clear();
  }
}
