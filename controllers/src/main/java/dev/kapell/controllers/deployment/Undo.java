package dev.kapell.controllers.deployment;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentCondition;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.control.loop.Change;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings an earlier template back: by itself when a rollout has failed and the Deployment asks for
 * that, or because an old client wrote the revision into an annotation. Pure.
 *
 * <pre>
 *   progress deadline exceeded ─▶ template and RolledBack.* annotations of the last good revision
 *        ▲                              │ rolled out like any other
 *        └── not while that one runs ◀──┘ another template: the annotations go
 * </pre>
 */
final class Undo {
  /** {@code "true"} on a Deployment: a rollout that fails is undone by itself. */
  static final String WANTED = "kapell.dev/rollback-on-failure";

  /** On a Deployment: the ReplicaSet that it was rolled back to by itself. */
  static final String TO = "kapell.dev/rolled-back-to";

  /** On a Deployment: what failed. */
  static final String BECAUSE = "kapell.dev/rolled-back-because";

  /** On a ReplicaSet: its rollout was once complete. */
  static final String PROVEN = "kapell.dev/rolled-out";

  /** On a Deployment, by clients of older versions: go back to this revision, 0 for the last. */
  static final String ASKED = "deprecated.deployment.rollback.to";

  /** The condition that tells of it. */
  static final String CONDITION = "RolledBack";

  private static final String EVENT = "DeploymentRollback";

  private Undo() {}

  /** What has to be written to go back; empty when there is no reason to. */
  static List<Change> changes(Fleet fleet) {
    Deployment deployment = fleet.deployment();
    String asked = deployment.metadata().annotations().get(ASKED);
    if (asked != null) {
      return toRevision(fleet, Revisions.number(asked));
    }
    if (!hasFailed(fleet)) {
      return List.of();
    }
    return target(fleet).map(target -> backTo(fleet, target)).orElseGet(() -> nowhere(deployment));
  }

  static boolean isWanted(Deployment deployment) {
    return deployment.metadata().annotations().getOrDefault(WANTED, "").equals("true");
  }

  /** The rollout of the present template has failed, and it was not itself a way back. */
  private static boolean hasFailed(Fleet fleet) {
    Deployment deployment = fleet.deployment();
    boolean exceeded =
        Conditions.find(deployment.status().conditions(), Conditions.PROGRESSING)
            .map(c -> c.reasonOr("").equals("ProgressDeadlineExceeded"))
            .orElse(false);
    return exceeded
        && isWanted(deployment)
        && !deployment.spec().pausedOr(false)
        && deployment.status().observedGenerationOr(0L) >= deployment.metadata().generationOr(0L)
        && fleet.current().isPresent()
        && !isWayBack(fleet);
  }

  /** The present template is the one that was gone back to. */
  static boolean isWayBack(Fleet fleet) {
    String to = fleet.deployment().metadata().annotations().get(TO);
    return to != null
        && fleet.current().map(set -> to.equals(set.metadata().nameOr(""))).orElse(false);
  }

  /** The newest revision that was once complete, else the newest but the present one. */
  private static Optional<ReplicaSet> target(Fleet fleet) {
    Comparator<ReplicaSet> newest = Comparator.comparingLong(Revisions::of);
    return fleet.old().stream()
        .filter(set -> set.metadata().annotations().containsKey(PROVEN))
        .max(newest)
        .or(() -> fleet.old().stream().filter(set -> Revisions.of(set) > 0).max(newest));
  }

  private static List<Change> backTo(Fleet fleet, ReplicaSet target) {
    Deployment deployment = fleet.deployment();
    String why =
        "revision "
            + fleet.current().map(Revisions::of).orElse(0L)
            + " was not available within "
            + deployment.spec().progressDeadlineSecondsOr(0)
            + " s; back to the template of revision "
            + Revisions.of(target);
    Map<String, String> annotations = Revisions.restored(deployment, target);
    annotations.put(TO, target.metadata().nameOr(""));
    annotations.put(BECAUSE, why);
    return List.of(restore(deployment, target, annotations), Change.warn(deployment, EVENT, why));
  }

  private static List<Change> nowhere(Deployment deployment) {
    boolean told = Conditions.find(deployment.status().conditions(), CONDITION).isPresent();
    return told
        ? List.of()
        : List.of(
            Change.warn(
                deployment,
                "DeploymentRollbackRevisionNotFound",
                "The rollout failed and there is no earlier revision to go back to"));
  }

  private static List<Change> toRevision(Fleet fleet, long revision) {
    Deployment deployment = fleet.deployment();
    String name = deployment.metadata().nameOr("");
    long wanted =
        revision > 0
            ? revision
            : fleet.old().stream().mapToLong(Revisions::of).max().orElse(Long.MAX_VALUE);
    Optional<ReplicaSet> target =
        fleet.all().stream().filter(set -> Revisions.of(set) == wanted).findFirst();
    if (target.isEmpty()) {
      return List.of(
          restore(deployment, null, without(deployment, ASKED)),
          Change.warn(
              deployment,
              "DeploymentRollbackRevisionNotFound",
              "Unable to find the revision to rollback to."));
    }
    if (fleet.current().equals(target)) {
      return List.of(
          restore(deployment, null, without(deployment, ASKED)),
          Change.warn(
              deployment,
              "DeploymentRollbackTemplateUnchanged",
              "The rollback revision contains the same template as current deployment \""
                  + name
                  + "\""));
    }
    return List.of(
        restore(deployment, target.get(), Revisions.restored(deployment, target.get())),
        Change.tell(
            deployment, EVENT, "Rolled back deployment \"" + name + "\" to revision " + wanted));
  }

  private static Change restore(
      Deployment deployment, @Nullable ReplicaSet target, Map<String, String> annotations) {
    Deployment after = deployment.withMetadata(deployment.metadata().withAnnotations(annotations));
    if (target != null) {
      after =
          after.withSpec(
              deployment.spec().withTemplate(Fleet.withoutHash(target.spec().template())));
    }
    return Change.update(Types.DEPLOYMENT, deployment, after, "rollback");
  }

  private static Map<String, String> without(Deployment deployment, String... keys) {
    Map<String, String> left = new LinkedHashMap<>(deployment.metadata().annotations());
    List.of(keys).forEach(left::remove);
    return left;
  }

  /** The annotations without the notes of a way back, once another template has come. */
  static Map<String, String> forgotten(Fleet fleet) {
    return isWayBack(fleet)
        ? fleet.deployment().metadata().annotations()
        : without(fleet.deployment(), TO, BECAUSE);
  }

  /** The conditions with the one that tells of a way back, or that there is none. */
  static List<DeploymentCondition> tell(
      Fleet fleet, List<DeploymentCondition> conditions, Instant now) {
    Deployment deployment = fleet.deployment();
    if (isWayBack(fleet)) {
      String why = deployment.metadata().annotations().getOrDefault(BECAUSE, "");
      return Conditions.with(
          conditions, Conditions.of(CONDITION, true, "ProgressDeadlineExceeded", why, now));
    }
    if (hasFailed(fleet) && target(fleet).isEmpty()) {
      return Conditions.with(
          conditions,
          Conditions.of(
              CONDITION, false, "NoEarlierRevision", "there is no earlier revision", now));
    }
    return Conditions.without(conditions, CONDITION);
  }
}
