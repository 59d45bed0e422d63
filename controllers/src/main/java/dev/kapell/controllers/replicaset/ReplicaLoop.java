package dev.kapell.controllers.replicaset;

import dev.kapell.api.ApiObject;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.workload.Notice;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.PodWatch;
import dev.kapell.controllers.workload.Rivals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps as many pods as each object of a kind wants. */
final class ReplicaLoop<T extends ApiObject> implements Planner<ObjectKey, ReplicaLoop.Seen<T>> {
  /**
   * What is looked at.
   *
   * @param pods those that it manages or might adopt
   * @param related the pods of its siblings; empty when it has none too many of its own
   * @param rivals whose pods it selects too
   */
  record Seen<T>(T set, List<Pod> pods, List<Pod> related, Optional<Notice> rivals) {}

  private final ReplicaKind<T> kind;
  private final PodWatch<T> pods;
  private final Index<T, String> siblings;
  private final Rivals rivals;

  private ReplicaLoop(ReplicaKind<T> kind, LoopContext context) {
    this.kind = kind;
    this.pods = new PodWatch<>(context, kind.type(), kind::selects);
    this.siblings = context.caches().of(kind.type()).index(Indexes.BY_CONTROLLER_UID);
    this.rivals = new Rivals(context.caches());
  }

  /** Starts the loop with {@code workers} threads. */
  static <T extends ApiObject> ControlLoop<ObjectKey> start(
      ReplicaKind<T> kind, LoopContext context, int workers) {
    ReplicaLoop<T> planner = new ReplicaLoop<>(kind, context);
    ControlLoop<ObjectKey> loop = context.planned(kind.type().singular(), planner);
    planner.pods.feed(loop);
    return loop.start(workers);
  }

  @Override
  public Optional<Seen<T>> observe(ObjectKey key) {
    return pods.owners().find(key).map(this::seen);
  }

  private Seen<T> seen(T set) {
    List<Pod> candidates = pods.candidates(set);
    Replicas wanted = kind.replicas(set);
    boolean tooMany = candidates.size() > wanted.count();
    // A set of a Deployment selects by a hash of its own, so it has no rivals.
    Optional<Notice> overlap =
        Owners.controllerOf(set).isPresent() ? Optional.empty() : rivals.of(set, wanted.selector());
    return new Seen<>(set, candidates, tooMany ? related(set) : List.of(), overlap);
  }

  private List<Pod> related(T set) {
    String manager = Owners.controllerUid(set);
    List<Pod> related = new ArrayList<>();
    if (!manager.isEmpty()) {
      for (T sibling : siblings.get(manager)) {
        if (!ObjectKey.of(sibling).equals(ObjectKey.of(set))) {
          related.addAll(pods.managed(sibling));
        }
      }
    }
    return related;
  }

  @Override
  public Plan decide(Seen<T> seen, Instant now) {
    return decideFor(kind, seen, now);
  }

  /** Pods first, then the status. */
  static <T extends ApiObject> Plan decideFor(ReplicaKind<T> kind, Seen<T> seen, Instant now) {
    T set = seen.set();
    Replicas.Decision decision = kind.replicas(set).decide(seen.pods(), seen.related(), now);
    Plan.Builder plan = new Plan.Builder().addAll(decision.changes());
    decision.again().ifPresent(plan::againAfter);
    decision.trouble().again().ifPresent(plan::againAfter);
    List<Notice> notices = notices(seen, decision);
    T told =
        kind.told(set, new ReplicaKind.News(decision.counts(), Optional.empty(), notices, now));
    return plan.addAll(kind.events(set, notices))
        .add(Change.updateStatus(kind.type(), set, told, "pods counted"))
        .build();
  }

  private static List<Notice> notices(Seen<?> seen, Replicas.Decision decision) {
    List<Notice> notices = new ArrayList<>(decision.trouble().notices());
    seen.rivals().ifPresent(notices::add);
    return notices;
  }

  @Override
  public Plan refused(Seen<T> seen, Change change, ApiFailure why, Instant now) {
    String reason =
        switch (change) {
          case Change.Create<?> _ -> "FailedCreate";
          case Change.Delete<?> _ -> "FailedDelete";
          default -> "";
        };
    if (reason.isEmpty() || why.isConflict()) {
      return Plan.NOTHING;
    }
    T set = seen.set();
    Failure failure = new Failure(reason, String.valueOf(why.getMessage()), now);
    Replicas.Decision decision = kind.replicas(set).decide(seen.pods(), seen.related(), now);
    ReplicaKind.News news =
        new ReplicaKind.News(decision.counts(), Optional.of(failure), notices(seen, decision), now);
    return Plan.of(Change.updateStatus(kind.type(), set, kind.told(set, news), reason));
  }
}
