package dev.kapell.controllers.ephemeral;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimTemplate;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.volume.PodClaims;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the claims of generic ephemeral volumes. */
public final class EphemeralVolumeController
    implements Planner<ObjectKey, EphemeralVolumeController.Seen> {

  /**
   * A pod.
   *
   * @param claims those that are there under the names of its ephemeral volumes
   */
  record Seen(Pod pod, Map<String, PersistentVolumeClaim> claims) {
    /** Copies. */
    Seen {
      claims = Map.copyOf(claims);
    }
  }

  private final Cache<Pod> pods;
  private final Cache<PersistentVolumeClaim> claims;

  private EphemeralVolumeController(LoopContext context) {
    this.pods = context.caches().of(Types.POD);
    this.claims = context.caches().of(Types.PERSISTENT_VOLUME_CLAIM);
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    EphemeralVolumeController controller = new EphemeralVolumeController(context);
    ControlLoop<ObjectKey> loop = context.planned("ephemeral", controller);
    controller.pods.onChange(
        (before, after) -> {
          if (after != null && before == null && !ephemeral(after).isEmpty()) {
            loop.add(ObjectKey.of(after));
          }
        });
    controller.claims.onChange(
        (before, after) -> {
          if (after == null && before != null) {
            Owners.controllerOf(before)
                .filter(owner -> owner.kindOr("").equals("Pod"))
                .ifPresent(
                    owner ->
                        loop.add(
                            new ObjectKey(before.metadata().namespaceOr(""), owner.nameOr(""))));
          }
        });
    return loop.start(workers);
  }

  private static List<Volume> ephemeral(Pod pod) {
    return pod.spec().volumes().stream().filter(each -> each.ephemeral() != null).toList();
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    return pods.find(key)
        .map(
            pod -> {
              Map<String, PersistentVolumeClaim> there = new LinkedHashMap<>();
              for (Volume volume : ephemeral(pod)) {
                String name = PodClaims.ofEphemeral(pod, volume);
                claims
                    .find(new ObjectKey(key.namespace(), name))
                    .ifPresent(claim -> there.put(name, claim));
              }
              return new Seen(pod, there);
            });
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return next(seen);
  }

  /** A claim of that name that is not the pod's is somebody else's data. */
  static Plan next(Seen seen) {
    Pod pod = seen.pod();
    if (!Pods.isActive(pod)) {
      return Plan.NOTHING;
    }
    Plan.Builder plan = new Plan.Builder();
    for (Volume volume : ephemeral(pod)) {
      String name = PodClaims.ofEphemeral(pod, volume);
      PersistentVolumeClaim there = seen.claims().get(name);
      if (there == null) {
        plan.add(
            Change.create(
                Types.PERSISTENT_VOLUME_CLAIM, claim(pod, volume, name), "an ephemeral volume"));
      } else if (!Owners.isManagedBy(there, pod)) {
        plan.add(
            Change.warn(
                pod,
                "FailedBinding",
                "ephemeral volume "
                    + volume.nameOr("")
                    + ": PVC "
                    + pod.metadata().namespaceOr("")
                    + "/"
                    + name
                    + " was not created for pod "
                    + pod.metadata().namespaceOr("")
                    + "/"
                    + pod.metadata().nameOr("")
                    + " (pod is not owner)"));
      }
    }
    return plan.build();
  }

  private static PersistentVolumeClaim claim(Pod pod, Volume volume, String name) {
    PersistentVolumeClaimTemplate template =
        volume.ephemeral() == null
            ? PersistentVolumeClaimTemplate.EMPTY
            : volume.ephemeral().volumeClaimTemplateOr(PersistentVolumeClaimTemplate.EMPTY);
    ObjectMeta meta =
        ObjectMeta.builder()
            .name(name)
            .namespace(pod.metadata().namespace())
            .labels(template.metadata().labels())
            .annotations(template.metadata().annotations())
            .ownerReferences(List.of(Owners.reference(pod)))
            .build();
    return PersistentVolumeClaim.builder().metadata(meta).spec(template.spec()).build();
  }
}
