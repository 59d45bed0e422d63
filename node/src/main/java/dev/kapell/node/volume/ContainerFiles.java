package dev.kapell.node.volume;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeMount;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.runtime.ContainerMount;
import dev.kapell.node.config.ConfigFailure;
import dev.kapell.node.config.Expansion;
import dev.kapell.node.config.HostNames;
import dev.kapell.node.config.PodFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one container has mounted: its volumes, {@code /etc/hosts}, and the file for its last words.
 */
public final class ContainerFiles {
  private static final Path HOST_HOSTS = Path.of("/etc/hosts");

  private final PodVolumes volumes;
  private final SubPaths parts;

  /** Mounts from these volumes; parts of them are shown through {@code mounts}. */
  public ContainerFiles(PodVolumes volumes, Mounts mounts) {
    this.volumes = volumes;
    this.parts = new SubPaths(mounts);
  }

  /**
   * The mounts of an attempt of a container; {@code env} for {@code subPathExpr}. Those of the
   * attempt before are no longer good.
   */
  public List<ContainerMount> mounts(
      PodFacts pod, Container container, int attempt, Map<String, String> env) throws IOException {
    List<ContainerMount> mounts = new ArrayList<>();
    for (int i = 0; i < container.volumeMounts().size(); i++) {
      mounts.add(mount(pod, container, i, env));
    }
    if (!container.volumeDevices().isEmpty()) {
      throw new ConfigFailure("volumeDevices are not supported by this node; use volumeMounts");
    }
    boolean ownHosts = mounts.stream().anyMatch(m -> m.containerPath().equals("/etc/hosts"));
    if (!ownHosts) {
      mounts.add(new ContainerMount(hosts(pod).toString(), "/etc/hosts", false));
    }
    Path message = messageFile(pod, container.nameOr(""), attempt);
    Files.createDirectories(message.getParent());
    if (!Files.exists(message)) {
      Files.createFile(message);
      Ownership.mode(message, 0666);
    }
    mounts.add(
        new ContainerMount(
            message.toString(), container.terminationMessagePathOr("/dev/termination-log"), false));
    return mounts;
  }

  /** Where the container writes its last words, on this machine. */
  public static Path messageFile(PodFacts pod, String container, int attempt) {
    return pod.directory().resolve("containers").resolve(container).resolve("message-" + attempt);
  }

  private static Path hosts(PodFacts pod) throws IOException {
    Path file = pod.directory().resolve("etc-hosts");
    Files.createDirectories(pod.directory());
    String host =
        pod.pod().spec().hostNetworkOr(false) && Files.exists(HOST_HOSTS)
            ? Files.readString(HOST_HOSTS)
            : "";
    Files.writeString(file, HostNames.hostsFile(pod, host));
    return file;
  }

  private ContainerMount mount(
      PodFacts pod, Container container, int index, Map<String, String> env) throws IOException {
    VolumeMount mount = container.volumeMounts().get(index);
    Volume volume =
        pod.pod().spec().volumes().stream()
            .filter(v -> v.nameOr("").equals(mount.nameOr("")))
            .findFirst()
            .orElseThrow(
                () -> new ConfigFailure("volume " + mount.nameOr("") + " not found in the pod"));
    if (mount.recursiveReadOnlyOr("").equals("Enabled")) {
      throw new ConfigFailure(
          "volume \""
              + mount.nameOr("")
              + "\" requested recursive read-only mode, but it is not supported by the runtime;"
              + " use recursiveReadOnly: IfPossible");
    }
    Path root = volumes.locate(pod, volume);
    String sub = mount.subPathOr("");
    if (!mount.subPathExprOr("").isEmpty()) {
      sub = Expansion.expand(mount.subPathExprOr(""), env);
      if (sub.contains("$(")) {
        throw new ConfigFailure("failed to expand subPathExpr of " + mount.nameOr("") + ": " + sub);
      }
    }
    boolean written =
        volume.emptyDir() == null
            && volume.hostPath() == null
            && volume.persistentVolumeClaim() == null
            && volume.ephemeral() == null;
    var claim = volume.persistentVolumeClaim();
    Path source =
        sub.isEmpty()
            ? root
            : parts.show(
                pod, mount, new SubPaths.Part(container.nameOr(""), index, root, sub, !written));
    return new ContainerMount(
        source.toString(),
        mount.mountPathOr("/"),
        written || mount.readOnlyOr(false) || (claim != null && claim.readOnlyOr(false)),
        propagation(mount.mountPropagation()),
        volume.hostPath() == null);
  }

  private static ContainerMount.Propagation propagation(@Nullable String name) {
    return switch (name == null ? "None" : name) {
      case "HostToContainer" -> ContainerMount.Propagation.HOST_TO_CONTAINER;
      case "Bidirectional" -> ContainerMount.Propagation.BIDIRECTIONAL;
      default -> ContainerMount.Propagation.PRIVATE;
    };
  }
}
