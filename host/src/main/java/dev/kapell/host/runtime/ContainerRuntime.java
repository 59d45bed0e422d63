package dev.kapell.host.runtime;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs pods: sandboxes (network, cgroup parent, pause process) and the containers in them.
 *
 * <p>The shape is CRI v1 (kubernetes/cri-api, {@code runtime.v1.RuntimeService}) in records of our
 * own. Calls block, are safe from any thread, and throw {@link RuntimeFailure}; an interrupt ends a
 * call with {@link RuntimeFailure.Kind#INTERRUPTED} and leaves the thread's interrupt flag set.
 * Each call has a time limit of its own (two minutes unless said otherwise). Stop and remove of
 * something that is gone already succeed.
 */
public interface ContainerRuntime extends AutoCloseable {

  /** Name and version of the runtime, for Node status. */
  RuntimeVersion version();

  /** Whether the runtime and its network are ready, with the reasons when not. */
  RuntimeStatus status();

  /**
   * Hands the runtime the node's pod range; only runtimes with a CNI template listen, others ignore
   * it.
   */
  void updatePodRange(String podCidr);

  /** Creates and starts a sandbox; up to four minutes. The pod's addresses are known afterwards. */
  SandboxId runSandbox(SandboxSpec spec);

  /** Kills whatever still runs in the sandbox and gives its network back. Repeatable. */
  void stopSandbox(SandboxId sandbox);

  /** Removes a sandbox and every container in it. Repeatable. */
  void removeSandbox(SandboxId sandbox);

  /** All sandboxes, ready or not, in no order. */
  List<SandboxSummary> listSandboxes();

  /** One sandbox; empty when there is none. */
  Optional<SandboxStatus> sandboxStatus(SandboxId sandbox);

  /**
   * Creates a container, not yet started. The image must be there.
   *
   * @param in the sandbox
   * @param sandbox the spec the sandbox was made from (CRI wants it again)
   */
  ContainerId createContainer(SandboxId in, SandboxSpec sandbox, ContainerSpec spec);

  /** Starts a created container; a command that cannot be run is {@code START_FAILED}. */
  void startContainer(ContainerId container);

  /**
   * Sends the image's stop signal (SIGTERM), waits up to {@code grace}, then SIGKILL. Returns when
   * the container has ended. Zero kills at once. Repeatable.
   */
  void stopContainer(ContainerId container, Duration grace);

  /**
   * The same with another signal first than the image's own, for instance {@code SIGUSR1}.
   *
   * @param signal by name, or empty for the image's own
   */
  void stopContainer(ContainerId container, Duration grace, String signal);

  /** Removes a container, killing it if need be. Its log file stays. Repeatable. */
  void removeContainer(ContainerId container);

  /** All containers of all sandboxes, running or not, in no order. */
  List<ContainerSummary> listContainers();

  /** The containers of one sandbox, in no order. */
  List<ContainerSummary> listContainers(SandboxId sandbox);

  /** One container; empty when there is none. */
  Optional<ContainerStatus> containerStatus(ContainerId container);

  /**
   * Runs a command in a container to its end.
   *
   * @param limit after which the call fails with {@code DEADLINE_EXCEEDED} and the command is
   *     killed
   */
  ExecResult execSync(ContainerId container, List<String> command, Duration limit);

  /**
   * An address on loopback that serves one exec session over SPDY/3.1 or WebSocket (v4 and older
   * channel protocols). Valid once, for about a minute.
   */
  URI execUrl(ContainerId container, List<String> command, StreamOptions streams);

  /** As {@link #execUrl}, joined to the container's own first process. */
  URI attachUrl(ContainerId container, StreamOptions streams);

  /**
   * An address on loopback that forwards ports of the sandbox (SPDY/3.1, WebSocket with {@code
   * ?port=N}).
   */
  URI portForwardUrl(SandboxId sandbox, List<Integer> ports);

  /** Changes the limits of a running container; zero fields stay as they are. */
  void updateResources(ContainerId container, LinuxResources resources);

  /** Makes the runtime open the container's log path anew, after a rotation renamed the file. */
  void reopenLog(ContainerId container);

  /** What a running container uses now; empty when it is gone or not running. */
  Optional<ContainerStats> stats(ContainerId container);

  /** What every running container uses now. */
  List<ContainerStats> stats();

  /** The images of this machine. */
  Images images();

  /**
   * Tells {@code listener} about containers that start, end or run out of memory, until the
   * subscription is closed. First comes a {@link RuntimeListener#resync}. A lost connection is made
   * again and ends in another {@code resync}.
   */
  Subscription subscribe(RuntimeListener listener);

  /** The files of a container's layers live here; for disk pressure. */
  Path imageFileSystem();

  /** Ends subscriptions and connections. Containers run on. */
  @Override
  void close();

  /** Events that come until this is closed. */
  interface Subscription extends AutoCloseable {
    /** No event is delivered after this returns. Repeatable. */
    @Override
    void close();
  }
}
