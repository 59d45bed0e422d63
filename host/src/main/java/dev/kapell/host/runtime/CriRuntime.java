package dev.kapell.host.runtime;

import static dev.kapell.host.runtime.cri.ContainerState.CONTAINER_RUNNING;

import dev.kapell.base.Clock;
import dev.kapell.host.process.Processes;
import dev.kapell.host.runtime.RuntimeFailure.Kind;
import dev.kapell.host.runtime.cri.AttachRequest;
import dev.kapell.host.runtime.cri.ContainerFilter;
import dev.kapell.host.runtime.cri.ContainerStatsRequest;
import dev.kapell.host.runtime.cri.ContainerStatusRequest;
import dev.kapell.host.runtime.cri.CreateContainerRequest;
import dev.kapell.host.runtime.cri.ExecRequest;
import dev.kapell.host.runtime.cri.ExecSyncRequest;
import dev.kapell.host.runtime.cri.ExecSyncResponse;
import dev.kapell.host.runtime.cri.ListContainerStatsRequest;
import dev.kapell.host.runtime.cri.ListContainersRequest;
import dev.kapell.host.runtime.cri.ListPodSandboxRequest;
import dev.kapell.host.runtime.cri.NetworkConfig;
import dev.kapell.host.runtime.cri.PodSandboxStatusRequest;
import dev.kapell.host.runtime.cri.PortForwardRequest;
import dev.kapell.host.runtime.cri.RemoveContainerRequest;
import dev.kapell.host.runtime.cri.RemovePodSandboxRequest;
import dev.kapell.host.runtime.cri.ReopenContainerLogRequest;
import dev.kapell.host.runtime.cri.RunPodSandboxRequest;
import dev.kapell.host.runtime.cri.RuntimeCondition;
import dev.kapell.host.runtime.cri.RuntimeConfig;
import dev.kapell.host.runtime.cri.RuntimeServiceGrpc;
import dev.kapell.host.runtime.cri.RuntimeServiceGrpc.RuntimeServiceBlockingStub;
import dev.kapell.host.runtime.cri.StartContainerRequest;
import dev.kapell.host.runtime.cri.StatusRequest;
import dev.kapell.host.runtime.cri.StopContainerRequest;
import dev.kapell.host.runtime.cri.StopPodSandboxRequest;
import dev.kapell.host.runtime.cri.UpdateContainerResourcesRequest;
import dev.kapell.host.runtime.cri.UpdateRuntimeConfigRequest;
import dev.kapell.host.runtime.cri.VersionRequest;
import dev.kapell.host.runtime.cri.VersionResponse;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A runtime that speaks CRI v1 on a unix socket: containerd 1.6 and later, CRI-O. Thread-safe. */
public final class CriRuntime implements ContainerRuntime {
  private static final Duration CALL_LIMIT = Duration.ofMinutes(2);
  private static final Duration SANDBOX_LIMIT = Duration.ofMinutes(4);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  /** How much longer than the runtime we wait for the end of an exec that it has to cut off. */
  private static final Duration EXEC_MARGIN = Duration.ofSeconds(5);

  private final Clock clock;
  private final CriConnection connection;
  private final CriImages images;
  private final CriSignals signals;

  /** A runtime at {@code socket}; nothing is connected before the first call. */
  public CriRuntime(Path socket, Processes processes, Clock clock) {
    this.clock = clock;
    this.connection = new CriConnection(socket, CONNECT_LIMIT, clock);
    this.images = new CriImages(connection, processes, clock);
    this.signals = new CriSignals(processes);
  }

  private <T> T call(String what, Duration limit, Function<RuntimeServiceBlockingStub, T> call) {
    return connection.call(
        what,
        () ->
            call.apply(
                RuntimeServiceGrpc.newBlockingStub(connection.channel())
                    .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)));
  }

  /** A call to whose effect it is all the same whether its object is there. */
  private void repeatable(
      String what, Duration limit, Function<RuntimeServiceBlockingStub, ?> call) {
    try {
      call(what, limit, call);
    } catch (RuntimeFailure e) {
      if (!e.is(Kind.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private <T> Optional<T> ifPresent(String what, Function<RuntimeServiceBlockingStub, T> call) {
    try {
      return Optional.of(call(what, CALL_LIMIT, call));
    } catch (RuntimeFailure e) {
      if (e.is(Kind.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public RuntimeVersion version() {
    VersionResponse answer =
        call("version", CALL_LIMIT, stub -> stub.version(VersionRequest.getDefaultInstance()));
    return new RuntimeVersion(
        answer.getRuntimeName(), answer.getRuntimeVersion(), answer.getRuntimeApiVersion());
  }

  @Override
  public RuntimeStatus status() {
    List<RuntimeCondition> conditions =
        call("status", CALL_LIMIT, stub -> stub.status(StatusRequest.getDefaultInstance()))
            .getStatus()
            .getConditionsList();
    StringBuilder message = new StringBuilder();
    for (RuntimeCondition condition : conditions) {
      if (!condition.getStatus()) {
        message.append(message.isEmpty() ? "" : "; ").append(condition.getMessage());
      }
    }
    return new RuntimeStatus(
        holds(conditions, "RuntimeReady"), holds(conditions, "NetworkReady"), message.toString());
  }

  private static boolean holds(List<RuntimeCondition> conditions, String type) {
    return conditions.stream().anyMatch(c -> c.getType().equals(type) && c.getStatus());
  }

  @Override
  public void updatePodRange(String podCidr) {
    UpdateRuntimeConfigRequest request =
        UpdateRuntimeConfigRequest.newBuilder()
            .setRuntimeConfig(
                RuntimeConfig.newBuilder()
                    .setNetworkConfig(NetworkConfig.newBuilder().setPodCidr(podCidr)))
            .build();
    call("update pod range", CALL_LIMIT, stub -> stub.updateRuntimeConfig(request));
  }

  @Override
  public SandboxId runSandbox(SandboxSpec spec) {
    RunPodSandboxRequest request =
        RunPodSandboxRequest.newBuilder()
            .setConfig(CriRequests.sandbox(spec))
            .setRuntimeHandler(spec.runtimeHandler())
            .build();
    return new SandboxId(
        call("run sandbox", SANDBOX_LIMIT, stub -> stub.runPodSandbox(request)).getPodSandboxId());
  }

  @Override
  public void stopSandbox(SandboxId sandbox) {
    var request = StopPodSandboxRequest.newBuilder().setPodSandboxId(sandbox.value()).build();
    repeatable("stop sandbox", SANDBOX_LIMIT, stub -> stub.stopPodSandbox(request));
  }

  @Override
  public void removeSandbox(SandboxId sandbox) {
    var request = RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandbox.value()).build();
    repeatable("remove sandbox", CALL_LIMIT, stub -> stub.removePodSandbox(request));
  }

  @Override
  public List<SandboxSummary> listSandboxes() {
    return call(
            "list sandboxes",
            CALL_LIMIT,
            stub -> stub.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()))
        .getItemsList()
        .stream()
        .map(CriAnswers::sandbox)
        .toList();
  }

  @Override
  public Optional<SandboxStatus> sandboxStatus(SandboxId sandbox) {
    var request = PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandbox.value()).build();
    return ifPresent(
        "sandbox status", stub -> CriAnswers.sandbox(stub.podSandboxStatus(request).getStatus()));
  }

  @Override
  public ContainerId createContainer(SandboxId in, SandboxSpec sandbox, ContainerSpec spec) {
    CreateContainerRequest request =
        CreateContainerRequest.newBuilder()
            .setPodSandboxId(in.value())
            .setConfig(CriRequests.container(spec))
            .setSandboxConfig(CriRequests.sandbox(sandbox))
            .build();
    return new ContainerId(
        call("create container " + spec.name(), CALL_LIMIT, stub -> stub.createContainer(request))
            .getContainerId());
  }

  @Override
  public void startContainer(ContainerId container) {
    var request = StartContainerRequest.newBuilder().setContainerId(container.value()).build();
    try {
      call("start container", CALL_LIMIT, stub -> stub.startContainer(request));
    } catch (RuntimeFailure e) {
      throw e.is(Kind.OTHER)
          ? new RuntimeFailure(Kind.START_FAILED, String.valueOf(e.getMessage()), e)
          : e;
    }
  }

  @Override
  public void stopContainer(ContainerId container, Duration grace) {
    var request =
        StopContainerRequest.newBuilder()
            .setContainerId(container.value())
            .setTimeout(wholeSeconds(grace))
            .build();
    repeatable("stop container", grace.plus(CALL_LIMIT), stub -> stub.stopContainer(request));
  }

  /** CRI v1 as containerd 1.6 and 1.7 have it knows no signal: we send it to the first process. */
  @Override
  public void stopContainer(ContainerId container, Duration grace, String signal) {
    if (signal.isEmpty() || !grace.isPositive()) {
      stopContainer(container, grace);
      return;
    }
    OptionalLong pid = pid(container);
    if (pid.isPresent()) {
      signals.send(pid.getAsLong(), signal, grace);
    }
    stopContainer(container, Duration.ZERO);
  }

  /** The machine's number of a running container's first process. */
  private OptionalLong pid(ContainerId container) {
    var request =
        ContainerStatusRequest.newBuilder()
            .setContainerId(container.value())
            .setVerbose(true)
            .build();
    return ifPresent("container status", stub -> stub.containerStatus(request))
        .filter(answer -> answer.getStatus().getState() == CONTAINER_RUNNING)
        .map(answer -> CriAnswers.pid(answer.getInfoOrDefault("info", "")))
        .orElse(OptionalLong.empty());
  }

  private static long wholeSeconds(Duration duration) {
    return duration.plusSeconds(1).minusNanos(1).toSeconds();
  }

  @Override
  public void removeContainer(ContainerId container) {
    var request = RemoveContainerRequest.newBuilder().setContainerId(container.value()).build();
    repeatable("remove container", CALL_LIMIT, stub -> stub.removeContainer(request));
  }

  @Override
  public List<ContainerSummary> listContainers() {
    return list(ListContainersRequest.getDefaultInstance());
  }

  @Override
  public List<ContainerSummary> listContainers(SandboxId sandbox) {
    return list(
        ListContainersRequest.newBuilder()
            .setFilter(ContainerFilter.newBuilder().setPodSandboxId(sandbox.value()))
            .build());
  }

  private List<ContainerSummary> list(ListContainersRequest request) {
    return call("list containers", CALL_LIMIT, stub -> stub.listContainers(request))
        .getContainersList()
        .stream()
        .map(CriAnswers::container)
        .toList();
  }

  @Override
  public Optional<ContainerStatus> containerStatus(ContainerId container) {
    var request = ContainerStatusRequest.newBuilder().setContainerId(container.value()).build();
    return ifPresent(
        "container status",
        stub -> CriAnswers.container(stub.containerStatus(request).getStatus()));
  }

  @Override
  public ExecResult execSync(ContainerId container, List<String> command, Duration limit) {
    ExecSyncRequest request =
        ExecSyncRequest.newBuilder()
            .setContainerId(container.value())
            .addAllCmd(command)
            .setTimeout(wholeSeconds(limit))
            .build();
    ExecSyncResponse answer = call("exec", limit.plus(EXEC_MARGIN), stub -> stub.execSync(request));
    return new ExecResult(
        answer.getStdout().toByteArray(), answer.getStderr().toByteArray(), answer.getExitCode());
  }

  @Override
  public URI execUrl(ContainerId container, List<String> command, StreamOptions streams) {
    ExecRequest request =
        ExecRequest.newBuilder()
            .setContainerId(container.value())
            .addAllCmd(command)
            .setTty(streams.tty())
            .setStdin(streams.stdin())
            .setStdout(streams.stdout())
            .setStderr(streams.stderr())
            .build();
    return URI.create(call("exec", CALL_LIMIT, stub -> stub.exec(request)).getUrl());
  }

  @Override
  public URI attachUrl(ContainerId container, StreamOptions streams) {
    AttachRequest request =
        AttachRequest.newBuilder()
            .setContainerId(container.value())
            .setTty(streams.tty())
            .setStdin(streams.stdin())
            .setStdout(streams.stdout())
            .setStderr(streams.stderr())
            .build();
    return URI.create(call("attach", CALL_LIMIT, stub -> stub.attach(request)).getUrl());
  }

  @Override
  public URI portForwardUrl(SandboxId sandbox, List<Integer> ports) {
    PortForwardRequest request =
        PortForwardRequest.newBuilder().setPodSandboxId(sandbox.value()).addAllPort(ports).build();
    return URI.create(call("port-forward", CALL_LIMIT, stub -> stub.portForward(request)).getUrl());
  }

  @Override
  public void updateResources(ContainerId container, LinuxResources resources) {
    UpdateContainerResourcesRequest request =
        UpdateContainerResourcesRequest.newBuilder()
            .setContainerId(container.value())
            .setLinux(CriRequests.resources(resources))
            .build();
    call("update resources", CALL_LIMIT, stub -> stub.updateContainerResources(request));
  }

  @Override
  public void reopenLog(ContainerId container) {
    var request = ReopenContainerLogRequest.newBuilder().setContainerId(container.value()).build();
    call("reopen log", CALL_LIMIT, stub -> stub.reopenContainerLog(request));
  }

  @Override
  public Optional<ContainerStats> stats(ContainerId container) {
    var request = ContainerStatsRequest.newBuilder().setContainerId(container.value()).build();
    return ifPresent(
            "container stats", stub -> CriAnswers.stats(stub.containerStats(request).getStats()))
        .filter(stats -> stats.cpuNanos() > 0 || stats.memoryUsageBytes() > 0);
  }

  @Override
  public List<ContainerStats> stats() {
    return call(
            "list stats",
            CALL_LIMIT,
            stub -> stub.listContainerStats(ListContainerStatsRequest.getDefaultInstance()))
        .getStatsList()
        .stream()
        .map(CriAnswers::stats)
        .toList();
  }

  @Override
  public Images images() {
    return images;
  }

  @Override
  public Subscription subscribe(RuntimeListener listener) {
    return new CriEvents(this, connection, clock, listener);
  }

  @Override
  public Path imageFileSystem() {
    return images.usage().mountpoint();
  }

  @Override
  public void close() {
    connection.close();
  }
}
