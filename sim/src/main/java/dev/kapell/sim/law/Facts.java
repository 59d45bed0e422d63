package dev.kapell.sim.law;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.sim.story.Picture;
import java.util.List;
import java.util.Optional;

/** What laws want to know about objects. Pure. */
final class Facts {
  private Facts() {}

  static String uid(ApiObject object) {
    return object.metadata().uidOr("");
  }

  static boolean isDeleting(ApiObject object) {
    return object.metadata().deletionTimestamp() != null;
  }

  static boolean isFinished(Pod pod) {
    String phase = pod.status().phaseOr("");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  static boolean isReady(Pod pod) {
    return pod.status().conditions().stream()
        .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
  }

  /** It serves, and nobody wants its end. */
  static boolean isServing(Pod pod) {
    return isReady(pod) && !isDeleting(pod);
  }

  /** The uid of the managing owner, empty for none. */
  static String manager(ApiObject object) {
    return object.metadata().ownerReferences().stream()
        .filter(reference -> reference.controllerOr(false))
        .map(OwnerReference::uid)
        .map(String::valueOf)
        .findFirst()
        .orElse("");
  }

  static List<ReplicaSet> sets(Picture picture, Deployment of) {
    return picture.all(Types.REPLICA_SET).stream()
        .filter(set -> manager(set).equals(uid(of)))
        .toList();
  }

  static List<Pod> pods(Picture picture, ApiObject of) {
    return picture.all(Types.POD).stream().filter(pod -> manager(pod).equals(uid(of))).toList();
  }

  static List<Pod> pods(Picture picture, Deployment of) {
    List<String> sets = sets(picture, of).stream().map(Facts::uid).toList();
    return picture.all(Types.POD).stream().filter(pod -> sets.contains(manager(pod))).toList();
  }

  /** The deployment that a set belongs to. */
  static Optional<Deployment> deployment(Picture picture, ReplicaSet set) {
    String owner = manager(set);
    return picture.all(Types.DEPLOYMENT).stream().filter(d -> uid(d).equals(owner)).findFirst();
  }

  /** The deployment that a pod belongs to through its set. */
  static Optional<Deployment> deployment(Picture picture, Pod pod) {
    String owner = manager(pod);
    return picture.all(Types.REPLICA_SET).stream()
        .filter(set -> uid(set).equals(owner))
        .findFirst()
        .flatMap(set -> deployment(picture, set));
  }
}
