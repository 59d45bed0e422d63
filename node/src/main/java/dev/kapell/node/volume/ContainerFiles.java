package dev.kapell.node.volume;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.core.v1.VolumeMount;
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

  /** Mounts from these volumes. */
  public ContainerFiles(PodVolumes volumes) {
    this.volumes = volumes;
  }

  /** The mounts of an attempt of a container; {@code env} for {@code subPathExpr}. */
  public List<ContainerMount> mounts(
      PodFacts pod, Container container, int attempt, Map<String, String> env) throws IOException {
    List<ContainerMount> mounts = new ArrayList<>();
    for (VolumeMount mount : container.volumeMounts()) {
      mounts.add(mount(pod, mount, env));
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

  private ContainerMount mount(PodFacts pod, VolumeMount mount, Map<String, String> env)
      throws IOException {
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
    Path source = sub.isEmpty() ? root : below(pod, root, sub, !written);
    return new ContainerMount(
        source.toString(),
        mount.mountPathOr("/"),
        written || mount.readOnlyOr(false) || (claim != null && claim.readOnlyOr(false)),
        propagation(mount.mountPropagation()),
        volume.hostPath() == null);
  }

  /** A part of a volume, which is made if it is missing, and from which no link may lead out. */
  private static Path below(PodFacts pod, Path root, String sub, boolean create)
      throws IOException {
    Path wanted = root.resolve(sub).normalize();
    if (sub.startsWith("/")
        || Path.of(sub).normalize().startsWith("..")
        || !wanted.startsWith(root)) {
      throw new ConfigFailure("subPath " + sub + " leads out of its volume");
    }
    if (!Files.exists(wanted) && create) {
      make(pod, root, wanted, sub);
    }
    if (!Files.exists(wanted)) {
      throw new ConfigFailure("subPath " + sub + " does not exist in its volume");
    }
    return inside(root, wanted, sub);
  }

  /** Makes the missing folders, with the mode and group that the volume's own have. */
  private static void make(PodFacts pod, Path root, Path wanted, String sub) throws IOException {
    var context = pod.pod().spec().securityContext();
    Long group = context == null ? null : context.fsGroup();
    int mode = (int) Files.getAttribute(root, "unix:mode") & 07777;
    Path at = root;
    for (Path step : root.relativize(wanted)) {
      at = at.resolve(step);
      if (Files.exists(at)) {
        inside(root, at, sub);
        continue;
      }
      Files.createDirectory(at);
      Ownership.mode(at, mode);
      if (group != null) {
        Ownership.share(at, group, false);
      }
    }
  }

  private static Path inside(Path root, Path path, String sub) throws IOException {
    Path real = path.toRealPath();
    if (!real.startsWith(root.toRealPath())) {
      throw new ConfigFailure("subPath " + sub + " leads out of its volume");
    }
    return real;
  }

  private static ContainerMount.Propagation propagation(@Nullable String name) {
    return switch (name == null ? "None" : name) {
      case "HostToContainer" -> ContainerMount.Propagation.HOST_TO_CONTAINER;
      case "Bidirectional" -> ContainerMount.Propagation.BIDIRECTIONAL;
      default -> ContainerMount.Propagation.PRIVATE;
    };
  }
}
