package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import dev.kapell.scheduler.share.Standing;
import dev.kapell.scheduler.why.Report;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers what the scheduler would do, by its own rules, and does nothing. Every question is asked
 * of a new picture of the cluster, made from the caches, so the scheduler's thread is not held up.
 * Thread-safe.
 */
public final class Foresight {
  private final Caches caches;
  private final Cache<Node> nodes;
  private final Cache<Pod> pods;
  private final Cache<ConfigMap> queues;
  private final List<Profile> profiles;

  /** Looks at what the scheduler of {@code options} looks at. */
  public Foresight(SchedulerOptions options) {
    this.caches = options.context().caches();
    this.nodes = caches.of(Types.NODE);
    this.pods = caches.of(Types.POD);
    this.queues = Queues.definitions(caches);
    this.profiles = options.profiles();
  }

  /** How each queue stands, by name. */
  public List<Standing> queues() {
    return Standings.of(Queues.read(queues).queues(), nodes.all(), pods.all());
  }

  /** Why a pod is where it is, or nowhere; empty when there is no such pod. */
  public Optional<Report> why(ObjectKey key) {
    return pods.find(key)
        .map(
            pod -> stage(caches.of(Types.PERSISTENT_VOLUME_CLAIM)::find).why(pod, heldBackBy(pod)));
  }

  /** What the scheduler has said last, where it was about more than the pod itself. */
  static List<String> heldBackBy(Pod pod) {
    String said =
        pod.status().conditions().stream()
            .filter(condition -> condition.typeOr("").equals("PodScheduled"))
            .filter(condition -> condition.statusOr("").equals("False"))
            .map(condition -> condition.messageOr(""))
            .findFirst()
            .orElse("");
    int gang = said.indexOf(" Gang \"");
    if (gang >= 0) {
      return List.of(said.substring(gang + 1));
    }
    boolean whole =
        said.startsWith("gang \"") || said.startsWith("queue \"") || said.startsWith("annotation ");
    return whole ? List.of(said) : List.of();
  }

  /**
   * The cluster as it is now, to place pods on.
   *
   * @param claims the claims that pods may name
   */
  public Stage stage(Function<ObjectKey, Optional<PersistentVolumeClaim>> claims) {
    Cluster cluster = new Cluster(new ResourceNames(), View.namespaceLabels(caches));
    nodes.all().forEach(cluster::putNode);
    for (Pod pod : pods.all()) {
      String phase = pod.status().phaseOr("");
      boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
      if (!ended && !pod.spec().nodeNameOr("").isEmpty()) {
        cluster.putPod(pod);
      }
    }
    View all = View.of(cluster, caches);
    View view =
        new View(
            cluster,
            all.storage().withClaims(claims),
            all.devices().foretelling(caches.of(Types.RESOURCE_CLAIM_TEMPLATE)::find),
            all.owners(),
            all.budgets());
    return new Stage(view, profiles);
  }
}
