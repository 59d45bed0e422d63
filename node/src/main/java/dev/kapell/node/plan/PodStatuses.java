package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.HostIP;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodIP;
import dev.kapell.api.core.v1.PodStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The pod's status, from what was seen. Only observed facts; other writers' conditions stay. */
final class PodStatuses {
  private final PodObserved seen;
  private final Pod pod;
  private final Progress progress;
  private final Optional<Ending> ending;
  private final Instant now;
  private final ContainerStatuses containers;

  PodStatuses(PodObserved seen, Progress progress, Optional<Ending> ending, Instant now) {
    this.seen = seen;
    this.pod = seen.pod();
    this.progress = progress;
    this.ending = ending;
    this.now = now;
    this.containers = new ContainerStatuses(seen, progress, ending.isPresent(), now);
  }

  /** The attempt number of a container of which the runtime knows nothing. */
  static int recordedAttempts(Pod pod, String name) {
    return ContainerStatuses.recorded(pod, name)
        .filter(s -> !s.containerIDOr("").isEmpty())
        .map(s -> s.restartCountOr(0) + 1)
        .orElse(0);
  }

  Optional<Instant> wakeAt() {
    return containers.wakeAt();
  }

  PodStatus status() {
    List<ContainerStatus> inits = of(pod.spec().initContainers());
    List<ContainerStatus> mains = of(pod.spec().containers());
    String phase = phase(inits, mains);
    Instant start = pod.status().startTime();
    PodStatus status =
        pod.status().toBuilder()
            .phase(phase)
            .startTime(start == null ? now.truncatedTo(ChronoUnit.SECONDS) : start)
            .qosClass(QosClass.of(pod).apiName())
            .initContainerStatuses(inits)
            .containerStatuses(mains)
            .ephemeralContainerStatuses(of(PodContainers.ephemeral(pod)))
            .observedGeneration(pod.metadata().generation())
            .build();
    status = verdict(addresses(isRejected(status) ? withoutContainers(status) : status));
    boolean reasons = ending.map(Ending::verdict).isPresent();
    return status.withConditions(
        new Conditions(seen, progress, now)
            .of(phase, inits, mains, reasons ? ending.get().verdict() : null));
  }

  /** The node refused the pod before anything of it ran: there are no containers to wait for. */
  private boolean isRejected(PodStatus status) {
    return ending.map(Ending::verdict).isPresent()
        && seen.containers().isEmpty()
        && Stream.of(
                status.containerStatuses(),
                status.initContainerStatuses(),
                status.ephemeralContainerStatuses())
            .flatMap(List::stream)
            .allMatch(container -> container.containerIDOr("").isEmpty());
  }

  private static PodStatus withoutContainers(PodStatus status) {
    return status
        .withContainerStatuses(List.of())
        .withInitContainerStatuses(List.of())
        .withEphemeralContainerStatuses(List.of());
  }

  private List<ContainerStatus> of(List<Container> specs) {
    return specs.stream().map(containers::of).toList();
  }

  private String phase(List<ContainerStatus> inits, List<ContainerStatus> mains) {
    String before = pod.status().phaseOr("");
    if (before.equals("Succeeded") || before.equals("Failed")) {
      return before;
    }
    boolean nothingRuns =
        seen.containers().stream().noneMatch(ContainerSeen::alive)
            && seen.inFlight().stream().noneMatch(Change::builds);
    if (ending.isPresent() && ending.get().verdict() != null && nothingRuns) {
      return "Failed";
    }
    String phase = Phase.of(pod, inits, mains, ending.isPresent() && nothingRuns);
    boolean tooEarly = !nothingRuns && (phase.equals("Succeeded") || phase.equals("Failed"));
    return tooEarly ? (before.isEmpty() ? "Running" : before) : phase;
  }

  private PodStatus verdict(PodStatus status) {
    Verdict verdict = ending.map(Ending::verdict).orElse(null);
    return verdict == null
        ? status
        : status.withReason(verdict.reason()).withMessage(verdict.message());
  }

  private PodStatus addresses(PodStatus status) {
    PodStatus at = status;
    if (!seen.hostIps().isEmpty()) {
      at =
          at.withHostIP(seen.hostIps().getFirst())
              .withHostIPs(
                  seen.hostIps().stream().map(ip -> HostIP.builder().ip(ip).build()).toList());
    }
    boolean host = pod.spec().hostNetworkOr(false);
    List<String> ips =
        host ? seen.hostIps() : seen.readySandbox().map(SandboxSeen::ips).orElse(List.of());
    if (ips.isEmpty()) {
      return at;
    }
    return at.withPodIP(ips.getFirst())
        .withPodIPs(ips.stream().map(ip -> PodIP.builder().ip(ip).build()).toList());
  }
}
