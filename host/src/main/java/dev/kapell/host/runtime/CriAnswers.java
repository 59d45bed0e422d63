package dev.kapell.host.runtime;

import dev.kapell.host.runtime.cri.Container;
import dev.kapell.host.runtime.cri.FilesystemUsage;
import dev.kapell.host.runtime.cri.NamespaceMode;
import dev.kapell.host.runtime.cri.PodIP;
import dev.kapell.host.runtime.cri.PodSandbox;
import dev.kapell.host.runtime.cri.PodSandboxMetadata;
import dev.kapell.host.runtime.cri.PodSandboxState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From CRI's messages to our records. Pure. */
final class CriAnswers {
  private static final int KILLED = 137;

  /** Both programs write it right behind the sandbox's id. */
  private static final Pattern PID =
      Pattern.compile(
          "^\\s*\\{\\s*\"sandboxID\"\\s*:\\s*\"[^\"]*\"\\s*,\\s*\"pid\"\\s*:\\s*(\\d{1,10})");

  private CriAnswers() {}

  /**
   * The first process, in what containerd and CRI-O tell of a container beyond CRI's own fields.
   */
  static OptionalLong pid(String info) {
    Matcher found = PID.matcher(info);
    return found.find() && !found.group(1).equals("0")
        ? OptionalLong.of(Long.parseLong(found.group(1)))
        : OptionalLong.empty();
  }

  static SandboxSummary sandbox(PodSandbox item) {
    return new SandboxSummary(
        new SandboxId(item.getId()),
        pod(item.getMetadata()),
        item.getState() == PodSandboxState.SANDBOX_READY,
        instant(item.getCreatedAt()),
        item.getLabelsMap(),
        item.getAnnotationsMap());
  }

  static SandboxStatus sandbox(dev.kapell.host.runtime.cri.PodSandboxStatus status) {
    List<String> ips = new ArrayList<>();
    if (!status.getNetwork().getIp().isEmpty()) {
      ips.add(status.getNetwork().getIp());
    }
    status.getNetwork().getAdditionalIpsList().stream().map(PodIP::getIp).forEach(ips::add);
    boolean host =
        status.getLinux().getNamespaces().getOptions().getNetwork() == NamespaceMode.NODE;
    return new SandboxStatus(
        new SandboxId(status.getId()),
        pod(status.getMetadata()),
        status.getState() == PodSandboxState.SANDBOX_READY,
        instant(status.getCreatedAt()),
        ips,
        host ? NamespaceOptions.Mode.NODE : NamespaceOptions.Mode.POD,
        status.getLabelsMap(),
        status.getAnnotationsMap());
  }

  private static PodIdentity pod(PodSandboxMetadata metadata) {
    return new PodIdentity(
        metadata.getNamespace(), metadata.getName(), metadata.getUid(), metadata.getAttempt());
  }

  static ContainerSummary container(Container item) {
    return new ContainerSummary(
        new ContainerId(item.getId()),
        new SandboxId(item.getPodSandboxId()),
        item.getMetadata().getName(),
        item.getMetadata().getAttempt(),
        state(item.getState()),
        instant(item.getCreatedAt()),
        item.getImage().getImage(),
        item.getImageRef(),
        item.getLabelsMap(),
        item.getAnnotationsMap());
  }

  static ContainerStatus container(dev.kapell.host.runtime.cri.ContainerStatus status) {
    return new ContainerStatus(
        new ContainerId(status.getId()),
        status.getMetadata().getName(),
        status.getMetadata().getAttempt(),
        state(status.getState()),
        instant(status.getCreatedAt()),
        instantOrNull(status.getStartedAt()),
        instantOrNull(status.getFinishedAt()),
        status.getExitCode(),
        reason(status.getReason(), status.getExitCode()),
        status.getMessage(),
        status.getImage().getImage(),
        status.getImageRef(),
        status.getLogPath(),
        status.getLabelsMap(),
        status.getAnnotationsMap());
  }

  /**
   * On cgroup v1 containerd says {@code OOMKilled} also when only a child process was killed, and
   * to every container of a pod whose pod-level limit was hit.
   */
  private static String reason(String said, int exitCode) {
    if (!said.equals("OOMKilled") || exitCode == KILLED) {
      return said;
    }
    return exitCode == 0 ? "Completed" : "Error";
  }

  private static ContainerState state(dev.kapell.host.runtime.cri.ContainerState state) {
    return switch (state) {
      case CONTAINER_CREATED -> ContainerState.CREATED;
      case CONTAINER_RUNNING -> ContainerState.RUNNING;
      case CONTAINER_EXITED -> ContainerState.EXITED;
      case CONTAINER_UNKNOWN, UNRECOGNIZED -> ContainerState.UNKNOWN;
    };
  }

  static ContainerStats stats(dev.kapell.host.runtime.cri.ContainerStats stats) {
    return new ContainerStats(
        new ContainerId(stats.getAttributes().getId()),
        stats.getAttributes().getMetadata().getName(),
        stats.getAttributes().getLabelsMap(),
        instant(stats.getCpu().getTimestamp()),
        stats.getCpu().getUsageCoreNanoSeconds().getValue(),
        stats.getMemory().getWorkingSetBytes().getValue(),
        stats.getMemory().getUsageBytes().getValue(),
        stats.getMemory().getRssBytes().getValue(),
        stats.getWritableLayer().getUsedBytes().getValue(),
        stats.getWritableLayer().getInodesUsed().getValue());
  }

  static Images.Image image(dev.kapell.host.runtime.cri.Image image) {
    return new Images.Image(
        image.getId(),
        image.getRepoTagsList(),
        image.getRepoDigestsList(),
        image.getSize(),
        image.hasUid() ? image.getUid().getValue() : null,
        image.getUsername());
  }

  static Images.ImageUsage usage(FilesystemUsage usage) {
    return new Images.ImageUsage(
        Path.of(usage.getFsId().getMountpoint()),
        usage.getUsedBytes().getValue(),
        usage.getInodesUsed().getValue());
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }

  private static @Nullable Instant instantOrNull(long nanos) {
    return nanos == 0 ? null : instant(nanos);
  }
}
