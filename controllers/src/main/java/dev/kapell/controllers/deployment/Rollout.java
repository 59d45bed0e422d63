package dev.kapell.controllers.deployment;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentCondition;
import dev.kapell.api.apps.v1.DeploymentStatus;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.ReplicaSetSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ApiFailure;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Claims;
import dev.kapell.controllers.workload.Notice;
import dev.kapell.controllers.workload.Notices;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import dev.kapell.controllers.workload.TemplateHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One decision about one Deployment. It takes one step and lets the change that it makes call for
 * the next. Pure; one use, one thread.
 */
final class Rollout {
  /**
   * What is looked at.
   *
   * @param sets the ReplicaSets that it manages or might adopt
   * @param pods the pods of those ReplicaSets
   * @param namesake a ReplicaSet with the name that the current one would get
   * @param rivals whose pods it selects too
   */
  record Seen(
      Deployment deployment,
      List<ReplicaSet> sets,
      List<Pod> pods,
      Optional<ReplicaSet> namesake,
      Optional<Notice> rivals) {}

  private static final Notices<DeploymentCondition> NOTICES =
      new Notices<>(
          c -> c.typeOr(""),
          c -> c.reasonOr(""),
          (notice, now) ->
              Conditions.of(notice.type(), true, notice.reason(), notice.message(), now));

  private final Seen seen;
  private final Deployment deployment;
  private final Instant now;
  private final Limits limits;
  private final Fleet fleet;
  private final Map<ReplicaSet, ReplicaSet> updated = new LinkedHashMap<>();
  private final Plan.Builder plan = new Plan.Builder();
  private @Nullable DeploymentStatus statusBase;

  private Rollout(Seen seen, Fleet fleet, Instant now) {
    this.seen = seen;
    this.deployment = seen.deployment();
    this.fleet = fleet;
    this.now = now;
    this.limits = Limits.of(deployment);
  }

  /** The next step. */
  static Plan decide(Seen seen, Instant now) {
    Deployment deployment = seen.deployment();
    LabelSelector selector = selector(deployment);
    Claims<ReplicaSet> claims = Claims.of(Types.REPLICA_SET, deployment, selector, seen.sets());
    if (!claims.changes().isEmpty()) {
      return new Plan.Builder().addAll(claims.changes()).build();
    }
    return new Rollout(seen, Fleet.of(deployment, claims.owned()), now).step();
  }

  /** A ReplicaSet that cannot be made stops the rollout, and the Deployment says so. */
  static Plan refused(Seen seen, Change change, ApiFailure why, Instant now) {
    Deployment deployment = seen.deployment();
    if (!(change instanceof Change.Create<?> create) || why.isAlreadyExists()) {
      return Plan.NOTHING;
    }
    String message =
        "Failed to create new replica set \""
            + create.object().metadata().nameOr("")
            + "\": "
            + why.getMessage();
    DeploymentCondition failed =
        Conditions.of(Conditions.PROGRESSING, false, "ReplicaSetCreateError", message, now);
    DeploymentStatus told =
        deployment
            .status()
            .withConditions(Conditions.with(deployment.status().conditions(), failed));
    return Plan.of(
        Change.warn(deployment, "ReplicaSetCreateError", message),
        Change.updateStatus(
            Types.DEPLOYMENT, deployment, deployment.withStatus(told), "ReplicaSetCreateError"));
  }

  /** The name that the ReplicaSet of the present template has. */
  static String currentName(Deployment deployment) {
    return deployment.metadata().nameOr("") + "-" + hash(deployment);
  }

  private static String hash(Deployment deployment) {
    return TemplateHash.of(deployment.spec().template(), deployment.status().collisionCountOr(0));
  }

  private static LabelSelector selector(Deployment deployment) {
    return Objects.requireNonNullElse(deployment.spec().selector(), LabelSelector.EMPTY);
  }

  private Plan step() {
    if (Pods.isTerminating(deployment)) {
      return finish();
    }
    List<Change> undo = Undo.changes(fleet);
    if (undo.stream().anyMatch(Change.Update.class::isInstance)) {
      return plan.addAll(undo).build();
    }
    plan.addAll(undo);
    if (fleet.current().isEmpty() && annotate(Undo.forgotten(fleet), "another template")) {
      return plan.build();
    }
    boolean revised = reviseCurrent();
    if (deployment.spec().pausedOr(false)) {
      scaleAll(Resize.sizes(fleet, limits, Limits.isRolling(deployment)));
      cleanUp();
    } else if (!resized()) {
      roll();
    }
    updated.forEach(
        (before, after) -> plan.add(Change.update(Types.REPLICA_SET, before, after, "rollout")));
    tellScaling();
    return revised ? plan.build() : finish();
  }

  private boolean resized() {
    if (!Resize.isDue(fleet, limits)) {
      return false;
    }
    Map<ReplicaSet, Integer> sizes = Resize.sizes(fleet, limits, Limits.isRolling(deployment));
    scaleAll(sizes);
    return !sizes.isEmpty();
  }

  private void roll() {
    if (Limits.isRolling(deployment)) {
      if (fleet.current().isEmpty()) {
        create(RollingUpdate.grown(fleet, 0, limits));
      } else {
        scaleAll(RollingUpdate.step(fleet, fleet.current().get(), limits));
      }
    } else {
      recreate();
    }
    if (Progress.isComplete(deployment, deployment.status())) {
      cleanUp();
    }
  }

  private void recreate() {
    List<ReplicaSet> active = fleet.activeOld();
    if (!active.isEmpty()) {
      Map<ReplicaSet, Integer> sizes = new LinkedHashMap<>();
      active.forEach(set -> sizes.put(set, 0));
      scaleAll(sizes);
    } else if (!isOldPodLeft()) {
      if (fleet.current().isEmpty()) {
        create(limits.replicas());
      } else if (Fleet.wanted(fleet.current().get()) != limits.replicas()) {
        scaleAll(Map.of(fleet.current().get(), limits.replicas()));
      }
    }
  }

  private boolean isOldPodLeft() {
    String current = fleet.current().map(set -> set.metadata().uidOr("")).orElse("");
    return seen.pods().stream()
        .anyMatch(pod -> !Owners.controllerUid(pod).equals(current) && !Pods.isFinished(pod));
  }

  private void create(int size) {
    if (seen.namesake().isPresent()) {
      int collisions = deployment.status().collisionCountOr(0) + 1;
      statusBase = deployment.status().withCollisionCount(collisions);
      return;
    }
    long revision = Revisions.next(fleet.old());
    ReplicaSet set = fresh(size, revision);
    plan.add(Change.create(Types.REPLICA_SET, set, "the template is new"));
    String name = set.metadata().nameOr("");
    if (size > 0) {
      plan.add(scaled(name, 0, size));
    }
    statusBase =
        deployment
            .status()
            .withConditions(
                Conditions.with(
                    deployment.status().conditions(),
                    progressing(
                        "NewReplicaSetCreated", "Created new replica set \"" + name + "\"")));
  }

  private ReplicaSet fresh(int size, long revision) {
    String hash = hash(deployment);
    PodTemplateSpec template = deployment.spec().template();
    ObjectMeta templateMeta = template.metadata();
    Map<String, String> labels = with(templateMeta.labels(), Fleet.HASH, hash);
    LabelSelector selector = selector(deployment);
    return ReplicaSet.builder()
        .metadata(
            ObjectMeta.builder()
                .name(currentName(deployment))
                .namespace(deployment.metadata().namespace())
                .labels(labels)
                .annotations(Revisions.fresh(deployment, revision, limits))
                .ownerReferences(List.of(Owners.reference(deployment)))
                .build())
        .spec(
            ReplicaSetSpec.builder()
                .replicas(size)
                .minReadySeconds(deployment.spec().minReadySeconds())
                .selector(selector.withMatchLabels(with(selector.matchLabels(), Fleet.HASH, hash)))
                .template(template.withMetadata(templateMeta.withLabels(labels)))
                .build())
        .build();
  }

  private static Map<String, String> with(Map<String, String> labels, String key, String value) {
    Map<String, String> copy = new LinkedHashMap<>(labels);
    copy.put(key, value);
    return copy;
  }

  /**
   * The current ReplicaSet carries the newest revision and the Deployment's annotations, and the
   * Deployment carries its revision. True when the Deployment itself is written: its status then
   * waits for the next step.
   */
  private boolean reviseCurrent() {
    if (fleet.current().isEmpty()) {
      return false;
    }
    ReplicaSet current = fleet.current().get();
    Map<String, String> annotations =
        Revisions.current(deployment, current, Revisions.next(fleet.old()));
    if (Undo.isWanted(deployment) && Progress.isComplete(deployment, deployment.status())) {
      annotations.put(Undo.PROVEN, "true");
    }
    Integer minReady = deployment.spec().minReadySeconds();
    if (!annotations.equals(current.metadata().annotations())
        || !Objects.equals(minReady, current.spec().minReadySeconds())) {
      updated.put(
          current,
          current
              .withMetadata(current.metadata().withAnnotations(annotations))
              .withSpec(current.spec().withMinReadySeconds(minReady)));
    }
    String revision = annotations.getOrDefault(Revisions.REVISION, "");
    return annotate(
        with(Undo.forgotten(fleet), Revisions.REVISION, revision), "revision " + revision);
  }

  /** Whether the Deployment itself has to be written to have these annotations. */
  private boolean annotate(Map<String, String> annotations, String reason) {
    if (annotations.equals(deployment.metadata().annotations())) {
      return false;
    }
    Deployment after = deployment.withMetadata(deployment.metadata().withAnnotations(annotations));
    plan.add(Change.update(Types.DEPLOYMENT, deployment, after, reason));
    return true;
  }

  private void scaleAll(Map<ReplicaSet, Integer> sizes) {
    sizes.forEach(
        (set, size) -> {
          ReplicaSet base = updated.getOrDefault(set, set);
          Map<String, String> annotations = new LinkedHashMap<>(base.metadata().annotations());
          annotations.putAll(Revisions.scale(limits));
          updated.put(
              set,
              base.withMetadata(base.metadata().withAnnotations(annotations))
                  .withSpec(base.spec().withReplicas(size)));
        });
  }

  private void tellScaling() {
    updated.forEach(
        (before, after) -> {
          int from = Fleet.wanted(before);
          int to = Fleet.wanted(after);
          if (from != to) {
            plan.add(scaled(before.metadata().nameOr(""), from, to));
          }
        });
  }

  private Change scaled(String name, int from, int to) {
    String direction = to > from ? "up" : "down";
    return Change.tell(
        deployment,
        "ScalingReplicaSet",
        "Scaled " + direction + " replica set " + name + " from " + from + " to " + to);
  }

  private void cleanUp() {
    int limit = deployment.spec().revisionHistoryLimitOr(10);
    List<ReplicaSet> gone = fleet.old().stream().filter(s -> !Pods.isTerminating(s)).toList();
    gone.stream()
        .sorted(Comparator.comparingLong(Revisions::of).thenComparing(Fleet.OLDEST_FIRST))
        .limit(Math.max(0, gone.size() - limit))
        .filter(Rollout::isEmptyAndObserved)
        .forEach(s -> plan.add(Change.delete(Types.REPLICA_SET, s, "over the revision limit")));
  }

  private static boolean isEmptyAndObserved(ReplicaSet set) {
    return set.status().replicasOr(0) == 0
        && Fleet.wanted(set) == 0
        && set.metadata().generationOr(0L) <= set.status().observedGenerationOr(0L);
  }

  private Plan finish() {
    Deployment base = statusBase == null ? deployment : deployment.withStatus(statusBase);
    Fleet counted = new Fleet(base, fleet.current(), fleet.old());
    DeploymentStatus status = withNotices(withPause(Progress.status(counted, limits, now)));
    plan.add(
        Change.updateStatus(
            Types.DEPLOYMENT, deployment, deployment.withStatus(status), "replicas counted"));
    Progress.untilDeadline(deployment, status, now).ifPresent(plan::againAfter);
    return plan.build();
  }

  private DeploymentStatus withNotices(DeploymentStatus status) {
    List<Notice> notices = new ArrayList<>(fleet.notices());
    seen.rivals().ifPresent(notices::add);
    Limits.rounding(deployment).ifPresent(notices::add);
    plan.addAll(NOTICES.news(deployment, notices, deployment.status().conditions()));
    List<DeploymentCondition> conditions = Undo.tell(fleet, status.conditions(), now);
    return status.withConditions(NOTICES.among(conditions, notices, now));
  }

  private DeploymentStatus withPause(DeploymentStatus status) {
    String reason =
        Conditions.find(status.conditions(), Conditions.PROGRESSING)
            .map(c -> c.reasonOr(""))
            .orElse("");
    boolean timed =
        deployment.spec().progressDeadlineSecondsOr(Integer.MAX_VALUE) < Integer.MAX_VALUE;
    boolean paused = deployment.spec().pausedOr(false);
    DeploymentCondition condition;
    if (!timed || Pods.isTerminating(deployment) || reason.equals("ProgressDeadlineExceeded")) {
      return status;
    } else if (paused && !reason.equals("DeploymentPaused")) {
      condition = progressing("DeploymentPaused", "Deployment is paused").withStatus("Unknown");
    } else if (!paused && reason.equals("DeploymentPaused")) {
      condition = progressing("DeploymentResumed", "Deployment is resumed").withStatus("Unknown");
    } else if (!paused && reason.isEmpty() && fleet.current().isPresent()) {
      String name = fleet.current().get().metadata().nameOr("");
      condition = progressing("FoundNewReplicaSet", "Found new replica set \"" + name + "\"");
    } else {
      return status;
    }
    return status.withConditions(Conditions.with(status.conditions(), condition));
  }

  private DeploymentCondition progressing(String reason, String message) {
    return Conditions.of(Conditions.PROGRESSING, true, reason, message, now);
  }
}
