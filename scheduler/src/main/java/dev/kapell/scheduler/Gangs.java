package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.device.PodDevices;
import dev.kapell.scheduler.device.Reservation;
import dev.kapell.scheduler.gang.Gang;
import dev.kapell.scheduler.gang.Gathering;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.queue.PodQueue;
import dev.kapell.scheduler.queue.Waiting;
import dev.kapell.scheduler.why.Survey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Gives all pods of a gang their nodes at once, or none.
 *
 * <pre>
 *   a member is due ─▶ are all there? ─no─▶ it waits for the others
 *                          │ yes
 *                          ▼
 *              a place for each, in one go ─▶ all are bound
 *                          │ not for all: the places are given back
 *                          ▼
 *              would evictions help all? ─▶ their nodes are held for the gang, until it times out;
 *                                           then not for as long again
 * </pre>
 *
 * <p>The scheduler's thread's.
 */
final class Gangs {
  /** No event helps a pod whose gang is not complete; the last member to come tries for all. */
  private static final long NOTHING_HELPS = 1L << 63;

  /** What the scheduler does for one pod. */
  interface Pods {
    /** The rules for a pod. */
    Rules rulesFor(Pod pod);

    /** Why a pod is not to be placed at all now: its queue has what it may have. */
    Optional<String> heldBack(Demand demand);

    /** Binds a pod to a node, for good. */
    void bind(Waiting waiting, int row, Rules rules) throws InterruptedException;
  }

  private record Place(Waiting member, int row, Optional<Preemption.Choice> room) {}

  private final Pods pods;
  private final Index<Pod, ObjectKey> members;
  private final PodQueue queue;
  private final View view;
  private final Binder binder;
  private final Evictions evictions;
  private final Inbox inbox;
  private final Clock clock;

  /** Gangs for which nodes are held, and the alarm that ends it. */
  private final Map<ObjectKey, Clock.Alarm> held = new HashMap<>();

  /**
   * Gangs whose time was over: for as long again no node is held for them, or they would take the
   * room that they did not need in time from all others for ever.
   */
  private final Set<ObjectKey> resting = new HashSet<>();

  /** What it works with. */
  record Needs(
      Cache<Pod> pods,
      PodQueue queue,
      View view,
      Binder binder,
      Evictions evictions,
      Inbox inbox,
      Clock clock) {}

  Gangs(Needs needs, Pods pods) {
    this.pods = pods;
    this.members = needs.pods().index(Gathering.BY_GANG);
    this.queue = needs.queue();
    this.view = needs.view();
    this.binder = needs.binder();
    this.evictions = needs.evictions();
    this.inbox = needs.inbox();
    this.clock = needs.clock();
  }

  /** A pod whose annotations nobody can read waits for better ones. */
  void refuse(Waiting waiting, String message) throws InterruptedException {
    binder.explain(waiting.pod(), message, Optional.empty());
    queue.park(waiting, NOTHING_HELPS, clock.nanoTime());
  }

  /** A member is due. */
  void schedule(Gang gang, Waiting due) throws InterruptedException {
    Gathering there =
        Gathering.of(gang, members.get(gang.key()), uid -> view.cluster().placed(uid).isPresent());
    List<Waiting> waiting = take(there, due);
    if (there.placed() + waiting.size() < gang.size()) {
      String message = there.incomplete(there.placed() + waiting.size());
      binder.explain(due.pod(), message, Optional.empty());
      park(waiting, NOTHING_HELPS);
      return;
    }
    if (isBeingCleared(waiting)) {
      park(waiting, -1);
      return;
    }
    try {
      place(gang, there, waiting);
    } catch (RuntimeException e) {
      park(waiting, -1); // whatever it was, none of them may be lost
      throw e;
    }
  }

  private void place(Gang gang, Gathering there, List<Waiting> waiting)
      throws InterruptedException {
    Optional<List<Place>> places = tried(waiting, this::free);
    if (places.isPresent()) {
      release(gang.key());
      for (Place place : places.get()) {
        pods.bind(place.member(), place.row(), pods.rulesFor(place.member().pod()));
      }
      return;
    }
    fail(gang, there, waiting);
  }

  /** The members that wait, out of whatever state they wait in. */
  private List<Waiting> take(Gathering there, Waiting due) {
    List<Waiting> waiting = new ArrayList<>();
    for (String uid : there.waiting()) {
      queue.take(uid).ifPresent(waiting::add);
    }
    if (waiting.stream().noneMatch(w -> w.uid().equals(due.uid()))) {
      waiting.add(due); // the cache knows less than the queue for a moment
    }
    return waiting;
  }

  private void park(List<Waiting> waiting, long refusers) {
    long now = clock.nanoTime();
    waiting.forEach(member -> queue.park(member, refusers, now));
  }

  private boolean isBeingCleared(List<Waiting> waiting) {
    return waiting.stream()
        .anyMatch(
            member ->
                view.cluster()
                    .nominatedRow(member.uid())
                    .filter(row -> evictions.isUnderWay(row, member.demand()))
                    .isPresent());
  }

  /** Finds a place for one member while those before it have theirs. */
  private interface Finder {
    Optional<Place> place(Waiting member) throws InterruptedException;
  }

  /** A place for each; empty when one has none. The cluster is left as it was. */
  private Optional<List<Place>> tried(List<Waiting> waiting, Finder finder)
      throws InterruptedException {
    Trial trial = new Trial(view);
    try {
      List<Place> places = new ArrayList<>();
      for (Waiting member : waiting) {
        heldBack = pods.heldBack(member.demand()); // those before it count
        if (heldBack.isPresent()) {
          found = places.size();
          return Optional.empty();
        }
        Optional<Place> place = finder.place(member);
        if (place.isEmpty()) {
          found = places.size();
          survey = Optional.of(survey(member));
          return Optional.empty();
        }
        trial.put(member, place.get());
        places.add(place.get());
      }
      return Optional.of(places);
    } finally {
      trial.undo();
    }
  }

  /** How many had a place when the last trial ended without one, and what was said then. */
  private int found;

  private Optional<Survey> survey = Optional.empty();

  /** Why the last trial ended before it looked for a place. */
  private Optional<String> heldBack = Optional.empty();

  private Survey survey(Waiting member) {
    return Survey.of(member.demand(), pods.rulesFor(member.pod()).profile().plugins(), view);
  }

  private Optional<Place> free(Waiting member) throws InterruptedException {
    return pods.rulesFor(member.pod())
        .verdicts()
        .best(member.pod(), member.demand())
        .row()
        .map(row -> new Place(member, row, Optional.empty()));
  }

  private Optional<Place> freeOrCleared(Waiting member) throws InterruptedException {
    Optional<Place> free = free(member);
    if (free.isPresent() || member.pod().spec().preemptionPolicyOr("").equals("Never")) {
      return free;
    }
    BitSet rows = survey(member).helpedRows();
    return pods.rulesFor(member.pod())
        .preemption()
        .flatMap(preemption -> preemption.choose(member.demand(), rows))
        .map(choice -> new Place(member, choice.row(), Optional.of(choice)));
  }

  private void fail(Gang gang, Gathering there, List<Waiting> waiting) throws InterruptedException {
    int places = found;
    if (heldBack.isPresent()) {
      release(gang.key());
      String message = heldBack.get() + "." + there.partly(places + there.placed());
      explain(waiting, message, member -> Optional.of(""));
      park(waiting, -1);
      return;
    }
    String sentence = survey.map(Survey::sentence).orElse("");
    boolean mayHold = !held.containsKey(gang.key()) && !resting.contains(gang.key());
    Optional<List<Place>> cleared =
        mayHold ? tried(waiting, this::freeOrCleared) : Optional.empty();
    if (cleared.isPresent()) {
      hold(gang, cleared.get());
      explain(
          waiting,
          sentence + there.partly(places + there.placed()) + " Room is being made for all of it.",
          member -> Optional.empty());
    } else {
      release(gang.key());
      waiting.forEach(member -> view.cluster().unnominate(member.uid()));
      explain(waiting, sentence + there.partly(places + there.placed()), member -> Optional.of(""));
    }
    park(waiting, -1);
  }

  private void explain(
      List<Waiting> waiting, String message, Function<Waiting, Optional<String>> nominated)
      throws InterruptedException {
    for (Waiting member : waiting) {
      binder.explain(member.pod(), message, nominated.apply(member));
    }
  }

  /** Evicts, and keeps every place for its member until the gang is bound or times out. */
  private void hold(Gang gang, List<Place> places) throws InterruptedException {
    for (Place place : places) {
      Waiting member = place.member();
      view.cluster().nominate(member.pod(), member.demand(), place.row());
    }
    for (Place place : places) {
      if (place.room().isPresent()) {
        evictions.clear(place.room().get(), place.member().pod(), place.member().demand());
      }
    }
    held.put(gang.key(), clock.schedule(gang.timeout(), () -> inbox.note(() -> expire(gang))));
  }

  private void release(ObjectKey gang) {
    Clock.Alarm alarm = held.remove(gang);
    if (alarm != null) {
      alarm.cancel();
    }
  }

  /** The room that was made did not suffice in time: others may have it. */
  private void expire(Gang gang) {
    if (held.remove(gang.key()) == null) {
      return;
    }
    members.get(gang.key()).forEach(pod -> view.cluster().unnominate(pod.metadata().uidOr("")));
    resting.add(gang.key());
    clock.schedule(gang.timeout(), () -> inbox.note(() -> rested(gang)));
    queue.wake();
  }

  private void rested(Gang gang) {
    resting.remove(gang.key());
    queue.wake();
  }

  /** Places that are taken for a moment. */
  private static final class Trial {
    private final View view;
    private final Cluster cluster;
    private final Map<String, List<Reservation>> reserved = new HashMap<>();
    private final List<Pod> assumed = new ArrayList<>();
    private final List<Placed> removed = new ArrayList<>();

    Trial(View view) {
      this.view = view;
      this.cluster = view.cluster();
    }

    void put(Waiting member, Place place) {
      place
          .room()
          .ifPresent(
              choice ->
                  choice
                      .victims()
                      .forEach(
                          victim ->
                              cluster
                                  .placed(victim.metadata().uidOr(""))
                                  .ifPresent(
                                      placed -> {
                                        removed.add(placed);
                                        cluster.removePod(placed.pod());
                                      })));
      PodDevices.of(member.demand(), view.devices())
          .choice(cluster.nodeOf(place.row()), view.devices())
          .ifPresent(chosen -> reserve(member.uid(), chosen));
      cluster.assume(member.pod(), member.demand(), place.row());
      assumed.add(member.pod());
    }

    private void reserve(String uid, List<Reservation> chosen) {
      reserved.put(uid, chosen);
      view.devices().inFlight().start(uid, chosen);
    }

    void undo() {
      reserved.forEach(view.devices().inFlight()::end);
      assumed.forEach(cluster::removePod);
      removed.forEach(cluster::restore);
    }
  }
}
