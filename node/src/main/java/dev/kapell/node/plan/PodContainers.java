package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EphemeralContainer;
import dev.kapell.api.core.v1.Lifecycle;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ResourceRequirements;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The containers of a pod by their part in it. */
public final class PodContainers {
  private static final List<String> RESIZABLE = List.of("cpu", "memory");

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

  /** The signal by which the container wants to be stopped; empty for its image's own. */
  public static String stopSignal(Container container) {
    Lifecycle lifecycle = container.lifecycle();
    return lifecycle == null ? "" : lifecycle.stopSignalOr("");
  }

  /** What each container asks for, by name, where a resize may change it; may be changed. */
  static Map<String, ResourceRequirements> resources(Pod pod) {
    Map<String, ResourceRequirements> resources = new LinkedHashMap<>();
    Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
        .forEach(c -> resources.put(c.nameOr(""), resources(c)));
    return resources;
  }

  /** What a container asks for. */
  public static ResourceRequirements resources(Container container) {
    return container.resources() == null ? ResourceRequirements.EMPTY : container.resources();
  }

  /** Of the part of a container's spec that, changed, calls for a new container. */
  public static String hash(Container container) {
    return hex(container.nameOr("") + "\n" + container.imageOr(""));
  }

  /** Of what a running container can be given anew: {@code CPU-MEMORY-REST}. */
  public static String resourcesHash(Container container) {
    return resourcesHash(resources(container));
  }

  static String resourcesHash(ResourceRequirements all) {
    return String.join(
        "-",
        hex(all.limits().get("cpu") + " " + all.requests().get("cpu")),
        hex(all.limits().get("memory") + " " + all.requests().get("memory")),
        hex(String.valueOf(all)));
  }

  /**
   * Whether the container wants to be started anew when its resources change from those with the
   * hash {@code before} (reference: container resize policies).
   */
  static boolean restartsOnResize(Container container, String before) {
    List<String> old = List.of(before.split("-", -1));
    List<String> wanted = List.of(resourcesHash(container).split("-", -1));
    return container.resizePolicy().stream()
        .filter(policy -> policy.restartPolicyOr("").equals("RestartContainer"))
        .map(policy -> RESIZABLE.indexOf(policy.resourceNameOr("")))
        .anyMatch(at -> at >= 0 && at < old.size() && !old.get(at).equals(wanted.get(at)));
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
