package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.sim.story.Picture;
import java.util.List;

/** In the end everything is as it was asked for, or says why not. */
final class Converged implements Law {
  @Override
  public void atRest(Scene scene) {
    Picture picture = scene.picture();
    picture.all(Types.NODE).forEach(node -> node(node, scene));
    picture.all(Types.POD).forEach(pod -> pod(pod, scene));
    picture.all(Types.REPLICA_SET).forEach(set -> set(set, scene));
    picture.all(Types.DEPLOYMENT).forEach(deployment -> deployment(deployment, scene));
    picture.all(Types.STATEFUL_SET).forEach(set -> ordered(set, scene));
    picture.all(Types.DAEMON_SET).forEach(set -> daemons(set, scene));
    picture.all(Types.JOB).forEach(job -> job(job, scene));
  }

  private void node(Node node, Scene scene) {
    boolean ready =
        node.status().conditions().stream()
            .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
    boolean tainted =
        node.spec().taints().stream()
            .anyMatch(
                t ->
                    List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
                        .contains(t.keyOr("")));
    if (!ready || tainted) {
      scene.broken(
          this,
          "node "
              + node.metadata().name()
              + " ready "
              + ready
              + ", taints "
              + node.spec().taints());
    }
  }

  private void pod(Pod pod, Scene scene) {
    boolean excused =
        Facts.isFinished(pod)
            || Facts.isServing(pod)
            || (pod.spec().nodeNameOr("").isEmpty() && isExplained(pod));
    if (!excused) {
      scene.broken(
          this,
          "pod "
              + ObjectKey.of(pod)
              + " on '"
              + pod.spec().nodeNameOr("")
              + "' is "
              + pod.status().phaseOr("")
              + " and does not serve");
    }
  }

  private static boolean isExplained(Pod pod) {
    return pod.status().conditions().stream()
        .anyMatch(
            c ->
                c.typeOr("").equals("PodScheduled")
                    && c.statusOr("").equals("False")
                    && !c.messageOr("").isEmpty());
  }

  private static long active(List<Pod> pods) {
    return pods.stream().filter(p -> !Facts.isFinished(p) && !Facts.isDeleting(p)).count();
  }

  private static long serving(List<Pod> pods) {
    return pods.stream().filter(Facts::isServing).count();
  }

  private void counts(String what, Scene scene, long wanted, long told, long there) {
    if (wanted != there || told != there) {
      scene.broken(
          this, what + " wants " + wanted + " pods, tells of " + told + ", and has " + there);
    }
  }

  private void told(String what, Scene scene, long told, long there) {
    if (told != there) {
      scene.broken(this, what + " tells of " + told + " ready pods, and has " + there);
    }
  }

  private void set(ReplicaSet set, Scene scene) {
    List<Pod> pods = Facts.pods(scene.picture(), set);
    String what = "replica set " + set.metadata().name();
    counts(what, scene, set.spec().replicasOr(1), set.status().replicasOr(0), active(pods));
    told(what, scene, set.status().readyReplicasOr(0), serving(pods));
  }

  private void deployment(Deployment deployment, Scene scene) {
    List<Pod> pods = Facts.pods(scene.picture(), deployment);
    String what = "deployment " + deployment.metadata().name();
    boolean stuck = serving(pods) < active(pods);
    if (!deployment.spec().pausedOr(false) && !stuck) {
      counts(
          what,
          scene,
          deployment.spec().replicasOr(1),
          deployment.status().replicasOr(0),
          active(pods));
      told(what + " (updated)", scene, deployment.status().updatedReplicasOr(0), active(pods));
    }
    told(what, scene, deployment.status().readyReplicasOr(0), serving(pods));
    generation(
        what,
        scene,
        deployment.metadata().generationOr(0L),
        deployment.status().observedGenerationOr(0L));
  }

  private void generation(String what, Scene scene, long wanted, long seen) {
    if (wanted != seen) {
      scene.broken(this, what + " is of generation " + wanted + ", its status of " + seen);
    }
  }

  private void ordered(StatefulSet set, Scene scene) {
    List<Pod> pods = Facts.pods(scene.picture(), set);
    String what = "stateful set " + set.metadata().name();
    if (serving(pods) == active(pods)) {
      counts(what, scene, set.spec().replicasOr(1), set.status().replicasOr(0), active(pods));
    }
    told(what, scene, set.status().readyReplicasOr(0), serving(pods));
  }

  private void daemons(DaemonSet set, Scene scene) {
    List<Pod> pods = Facts.pods(scene.picture(), set);
    String what = "daemon set " + set.metadata().name();
    long nodes = scene.picture().all(Types.NODE).size();
    if (serving(pods) == active(pods)) {
      counts(what, scene, nodes, set.status().currentNumberScheduledOr(0), active(pods));
    }
    told(what, scene, set.status().numberReadyOr(0), serving(pods));
  }

  private void job(Job job, Scene scene) {
    boolean finished =
        job.status().conditions().stream()
            .anyMatch(
                c ->
                    List.of("Complete", "Failed").contains(c.typeOr(""))
                        && c.statusOr("").equals("True"));
    boolean waits =
        Facts.pods(scene.picture(), job).stream()
            .anyMatch(pod -> pod.spec().nodeNameOr("").isEmpty() && isExplained(pod));
    if (!finished && !waits && !job.spec().suspendOr(false)) {
      scene.broken(this, "job " + job.metadata().name() + " does not end: " + job.status());
    }
  }
}
