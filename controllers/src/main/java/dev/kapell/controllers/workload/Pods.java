package dev.kapell.controllers.workload;

import dev.kapell.api.ApiObject;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What workloads want to know about a pod. Pure. */
public final class Pods {
  private Pods() {}

  /** Pending, Running, Succeeded, Failed or Unknown. */
  public static String phase(Pod pod) {
    return pod.status().phaseOr("Pending");
  }

  /** Somebody has asked for its deletion. */
  public static boolean isTerminating(ApiObject object) {
    return object.metadata().deletionTimestamp() != null;
  }

  /** All its containers have ended for good. */
  public static boolean isFinished(Pod pod) {
    String phase = phase(pod);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** It counts: it has not ended and nobody has asked for its end. */
  public static boolean isActive(Pod pod) {
    return !isFinished(pod) && !isTerminating(pod);
  }

  /** Its condition of this type. */
  public static Optional<PodCondition> condition(Pod pod, String type) {
    for (PodCondition condition : pod.status().conditions()) {
      if (condition.typeOr("").equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  /** Its Ready condition is True. */
  public static boolean isReady(Pod pod) {
    return condition(pod, "Ready").map(c -> c.statusOr("").equals("True")).orElse(false);
  }

  /** Since when it is ready; empty when it is not. */
  public static Optional<Instant> readySince(Pod pod) {
    return condition(pod, "Ready")
        .filter(c -> c.statusOr("").equals("True"))
        .map(c -> c.lastTransitionTimeOr(Instant.EPOCH));
  }

  /** It has been ready for {@code minReadySeconds}. */
  public static boolean isAvailable(Pod pod, int minReadySeconds, Instant now) {
    return readySince(pod)
        .map(since -> minReadySeconds == 0 || !since.plusSeconds(minReadySeconds).isAfter(now))
        .orElse(false);
  }

  /** How long until the first ready pod of {@code pods} becomes available; empty when none will. */
  public static Optional<Duration> nextAvailable(List<Pod> pods, int minReadySeconds, Instant now) {
    return pods.stream()
        .filter(Pods::isActive)
        .flatMap(pod -> readySince(pod).stream())
        .map(since -> Duration.between(now, since.plusSeconds(minReadySeconds)))
        .filter(Duration::isPositive)
        .min(Duration::compareTo);
  }

  /** The pod that {@code owner} makes of its template; the server completes its name. */
  public static Pod fromTemplate(PodTemplateSpec template, ApiObject owner) {
    ObjectMeta wanted = template.metadata();
    String prefix = owner.metadata().nameOr("") + "-";
    ObjectMeta meta =
        ObjectMeta.builder()
            .generateName(prefix)
            .namespace(owner.metadata().namespace())
            .labels(wanted.labels())
            .annotations(wanted.annotations())
            .finalizers(wanted.finalizers())
            .ownerReferences(List.of(Owners.reference(owner)))
            .build();
    return Pod.builder().metadata(meta).spec(template.spec()).build();
  }
}
