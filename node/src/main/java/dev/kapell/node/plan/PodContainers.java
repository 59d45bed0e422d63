package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EphemeralContainer;
import dev.kapell.api.core.v1.Pod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The containers of a pod by their part in it. */
public final class PodContainers {
  private PodContainers() {}

  /** An init container that keeps running beside the main ones. */
  public static boolean isSidecar(Container init) {
    return init.restartPolicyOr("").equals("Always");
  }

  /** The init containers that stay, in their order. */
  static List<Container> sidecars(Pod pod) {
    return pod.spec().initContainers().stream().filter(PodContainers::isSidecar).toList();
  }

  /** Whether {@code name} is an init container that stays. */
  static boolean isSidecar(Pod pod, String name) {
    return sidecars(pod).stream().anyMatch(c -> c.nameOr("").equals(name));
  }

  /** Containers added for debugging, in the shape of all others. */
  public static List<Container> ephemeral(Pod pod) {
    return pod.spec().ephemeralContainers().stream().map(PodContainers::asContainer).toList();
  }

  /** Every container: init, main, ephemeral. */
  public static Stream<Container> all(Pod pod) {
    return Stream.of(pod.spec().initContainers(), pod.spec().containers(), ephemeral(pod))
        .flatMap(List::stream);
  }

  /** The container called {@code name}. */
  public static Optional<Container> find(Pod pod, String name) {
    return all(pod).filter(c -> c.nameOr("").equals(name)).findFirst();
  }

  /** Of the part of a container's spec that, changed, calls for a new container. */
  public static String hash(Container container) {
    return hex(container.nameOr("") + "\n" + container.imageOr(""));
  }

  /** Of what a running container can be given anew. */
  public static String resourcesHash(Container container) {
    return hex(String.valueOf(container.resources()));
  }

  private static String hex(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }

  private static Container asContainer(EphemeralContainer e) {
    return Container.builder()
        .args(e.args())
        .command(e.command())
        .env(e.env())
        .envFrom(e.envFrom())
        .image(e.image())
        .imagePullPolicy(e.imagePullPolicy())
        .name(e.name())
        .restartPolicy("Never")
        .securityContext(e.securityContext())
        .stdin(e.stdin())
        .stdinOnce(e.stdinOnce())
        .terminationMessagePath(e.terminationMessagePath())
        .terminationMessagePolicy(e.terminationMessagePolicy())
        .tty(e.tty())
        .volumeDevices(e.volumeDevices())
        .volumeMounts(e.volumeMounts())
        .workingDir(e.workingDir())
        .build();
  }
}
