package dev.kapell.compose;

import dev.kapell.api.core.v1.Capabilities;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.EmptyDirVolumeSource;
import dev.kapell.api.core.v1.EnvVar;
import dev.kapell.api.core.v1.ExecAction;
import dev.kapell.api.core.v1.HostAlias;
import dev.kapell.api.core.v1.HostPathVolumeSource;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Probe;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.core.v1.SecurityContext;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeMount;
import dev.kapell.api.resource.Quantity;
import dev.kapell.compose.file.ComposeFile;
import dev.kapell.compose.file.ComposeFile.Healthcheck;
import dev.kapell.compose.file.ComposeFile.Mount;
import dev.kapell.compose.file.ComposeFile.Options;
import dev.kapell.compose.file.ComposeFile.Port;
import dev.kapell.compose.file.ComposeFile.Service;
import dev.kapell.compose.file.ComposeFile.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service's container as a pod's specification. Pure. */
final class PodSpecs {
  private final ComposeFile file;
  private final Path volumesDirectory;

  PodSpecs(ComposeFile file, Path volumesDirectory) {
    this.file = file;
    this.volumesDirectory = volumesDirectory;
  }

  PodSpec of(Service service) {
    List<Volume> volumes = new ArrayList<>();
    List<VolumeMount> mounts = new ArrayList<>();
    for (Mount mount : service.mounts()) {
      String name = "volume-" + volumes.size();
      volumes.add(volume(name, mount.source()));
      mounts.add(
          VolumeMount.builder()
              .name(name)
              .mountPath(mount.target())
              .readOnly(mount.readOnly() ? true : null)
              .build());
    }
    return PodSpec.builder()
        .containers(List.of(container(service, mounts)))
        .volumes(volumes)
        .restartPolicy(
            switch (service.restart()) {
              case NO -> "Never";
              case ON_FAILURE -> "OnFailure";
              case ALWAYS -> "Always";
            })
        .terminationGracePeriodSeconds(seconds(service.grace(), 0))
        .hostname(service.hostname().orElse(null))
        .hostAliases(
            service.options().extraHosts().entrySet().stream()
                .map(
                    host ->
                        HostAlias.builder()
                            .ip(host.getValue())
                            .hostnames(List.of(host.getKey()))
                            .build())
                .toList())
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .build();
  }

  private Container container(Service service, List<VolumeMount> mounts) {
    Options options = service.options();
    return Container.builder()
        .name(service.name())
        .image(service.image())
        .imagePullPolicy(service.pullPolicy().orElse("IfNotPresent"))
        .command(service.entrypoint().stream().map(PodSpecs::literal).toList())
        .args(service.command().stream().map(PodSpecs::literal).toList())
        .env(
            service.environment().entrySet().stream()
                .map(
                    entry ->
                        EnvVar.builder()
                            .name(entry.getKey())
                            .value(literal(entry.getValue()))
                            .build())
                .toList())
        .ports(service.ports().stream().map(PodSpecs::port).distinct().toList())
        .volumeMounts(mounts)
        .readinessProbe(service.healthcheck().map(PodSpecs::probe).orElse(null))
        .workingDir(service.workingDirectory().orElse(null))
        .stdin(options.stdin() ? true : null)
        .tty(options.tty() ? true : null)
        .resources(resources(options))
        .securityContext(security(service))
        .build();
  }

  /** Keeps Kubernetes from expanding {@code $(NAME)}: Compose has replaced all there was to. */
  private static String literal(String text) {
    return text.replace("$", "$$");
  }

  private static ContainerPort port(Port port) {
    return ContainerPort.builder()
        .containerPort(port.target())
        .protocol(port.protocol().toUpperCase(Locale.ROOT))
        .build();
  }

  /**
   * A container that is not well stays as it is in Compose, so this is a readiness probe and not a
   * liveness probe. Failures during the start period do not count anyway: it is not ready then.
   */
  private static Probe probe(Healthcheck check) {
    return Probe.builder()
        .exec(ExecAction.builder().command(check.command()).build())
        .periodSeconds((int) seconds(check.interval(), 1))
        .timeoutSeconds((int) seconds(check.timeout(), 1))
        .failureThreshold(check.retries())
        .build();
  }

  private static long seconds(Duration duration, long atLeast) {
    return Math.max(atLeast, duration.plusMillis(999).toSeconds());
  }

  private static @Nullable ResourceRequirements resources(Options options) {
    Map<String, Quantity> limits = new LinkedHashMap<>();
    options.cpuLimit().ifPresent(cpus -> limits.put("cpu", Quantity.parse(cpus)));
    options.memoryLimit().ifPresent(bytes -> limits.put("memory", Quantity.parse(bytes)));
    return limits.isEmpty() ? null : ResourceRequirements.builder().limits(limits).build();
  }

  private static @Nullable SecurityContext security(Service service) {
    Options options = service.options();
    boolean capabilities =
        !options.addedCapabilities().isEmpty() || !options.droppedCapabilities().isEmpty();
    if (!capabilities && !options.privileged() && !options.readOnly() && service.user().isEmpty()) {
      return null;
    }
    return SecurityContext.builder()
        .privileged(options.privileged() ? true : null)
        .readOnlyRootFilesystem(options.readOnly() ? true : null)
        .runAsUser(service.user().map(ComposeFile.User::user).orElse(null))
        .runAsGroup(service.user().flatMap(ComposeFile.User::group).orElse(null))
        .capabilities(
            capabilities
                ? Capabilities.builder()
                    .add(options.addedCapabilities())
                    .drop(options.droppedCapabilities())
                    .build()
                : null)
        .build();
  }

  private Volume volume(String name, Source source) {
    Volume.Builder volume = Volume.builder().name(name);
    return switch (source) {
      case Source.Named named ->
          volume.hostPath(directory(directoryOf(named.volume()), true)).build();
      case Source.Bind bind -> volume.hostPath(directory(bind.path(), bind.create())).build();
      case Source.Scratch scratch ->
          volume
              .emptyDir(
                  EmptyDirVolumeSource.builder().medium(scratch.memory() ? "Memory" : null).build())
              .build();
    };
  }

  private String directoryOf(String volume) {
    ComposeFile.Volume found = file.volumes().get(volume);
    if (found == null) {
      throw new IllegalStateException("the volume " + volume + " was not checked");
    }
    return volumesDirectory.resolve(found.directory()).toString();
  }

  private static HostPathVolumeSource directory(String path, boolean create) {
    return HostPathVolumeSource.builder()
        .path(path)
        .type(create ? "DirectoryOrCreate" : null)
        .build();
  }
}
