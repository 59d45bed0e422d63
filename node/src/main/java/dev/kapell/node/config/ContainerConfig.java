package dev.kapell.node.config;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.EphemeralContainer;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerMount;
import dev.kapell.host.runtime.ContainerSpec;
import dev.kapell.host.runtime.Images;
import dev.kapell.host.runtime.NamespaceOptions;
import dev.kapell.node.plan.PodContainers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the runtime is asked for as a container. */
public final class ContainerConfig {
  private ContainerConfig() {}

  /**
   * The inputs that are not in the pod.
   *
   * @param image as the runtime has it
   * @param env the container's variables
   * @param mounts its volumes
   * @param running the id of a running container by name, for debugging containers that join it
   */
  public record Inputs(
      Images.Image image,
      Map<String, String> env,
      List<ContainerMount> mounts,
      Function<String, String> running) {}

  /** The container's attempt; throws {@link ConfigFailure} when the node refuses it. */
  public static ContainerSpec of(PodFacts facts, Container container, int attempt, Inputs inputs) {
    String name = container.nameOr("");
    Map<String, String> env = inputs.env();
    return ContainerSpec.builder(name, attempt, inputs.image().id())
        .command(expanded(container.command(), env), expanded(container.args(), env))
        .workingDir(container.workingDirOr(""))
        .env(env)
        .mounts(inputs.mounts())
        .labels(labels(facts, name))
        .annotations(annotations(facts, container, attempt))
        .io(
            new ContainerSpec.ContainerIo(
                container.stdinOr(false), container.stdinOnceOr(false), container.ttyOr(false)))
        .resources(Resources.of(facts, container))
        .security(
            new Security(facts, container)
                .of(inputs.image(), namespaces(facts.pod(), name, inputs)))
        .build();
  }

  private static List<String> expanded(List<String> words, Map<String, String> env) {
    return words.stream().map(word -> Expansion.expand(word, env)).toList();
  }

  private static Map<String, String> labels(PodFacts facts, String name) {
    Map<String, String> labels = new HashMap<>(SandboxConfig.labels(facts));
    labels.put(Labels.CONTAINER_NAME, name);
    return labels;
  }

  private static Map<String, String> annotations(PodFacts facts, Container container, int attempt) {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(Labels.CONTAINER_HASH, PodContainers.hash(container));
    annotations.put(Labels.RESOURCES_HASH, PodContainers.resourcesHash(container));
    annotations.put(Labels.RESTART_COUNT, String.valueOf(attempt));
    annotations.put(
        Labels.TERMINATION_PATH, container.terminationMessagePathOr("/dev/termination-log"));
    annotations.put(Labels.TERMINATION_POLICY, container.terminationMessagePolicyOr("File"));
    annotations.put(Labels.GRACE_SECONDS, String.valueOf(facts.graceSeconds()));
    String signal = PodContainers.stopSignal(container);
    if (!signal.isEmpty()) {
      annotations.put(Labels.STOP_SIGNAL, signal);
    }
    return annotations;
  }

  private static NamespaceOptions namespaces(Pod pod, String name, Inputs inputs) {
    NamespaceOptions shared = SandboxConfig.namespaces(pod);
    String target =
        pod.spec().ephemeralContainers().stream()
            .filter(e -> e.nameOr("").equals(name))
            .map(EphemeralContainer::targetContainerName)
            .filter(t -> t != null && !t.isEmpty())
            .findFirst()
            .orElse("");
    if (target == null || target.isEmpty()) {
      return shared;
    }
    return new NamespaceOptions(
        shared.network(),
        NamespaceOptions.Mode.TARGET,
        shared.ipc(),
        new ContainerId(inputs.running().apply(target)));
  }
}
