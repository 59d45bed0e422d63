package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.node.plan.Allocation;
import dev.kapell.node.plan.Allocation.Pending;
import dev.kapell.node.plan.QosClass;
import dev.kapell.node.plan.ResizeRoom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the node has given to each of its pods. Resizes are decided here, one at a time, so that two
 * pods never get the same room; those that have to wait are tried again whenever a pod ends, leaves
 * or takes less, the most important first. Until {@link #open}, when all pods are known, none is
 * decided. Thread-safe; the lock is held for memory work only.
 */
final class Allocations {
  private static final Comparator<Entry> IMPORTANCE =
      Comparator.comparingInt((Entry e) -> e.pod.spec().priorityOr(0))
          .reversed()
          .thenComparing(e -> QosClass.of(e.pod))
          .thenComparingLong(e -> e.turn);

  private final ResizeRoom room;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private boolean open;
  private long turns;

  Allocations(ResizeRoom room) {
    this.room = room;
  }

  private static final class Entry {
    private final Runnable wake;
    private Pod pod;
    private Allocation given;
    private long turn = Long.MAX_VALUE;

    Entry(Pod pod, Runnable wake) {
      this.pod = pod;
      this.given = Allocation.recorded(pod);
      this.wake = wake;
    }

    boolean settled() {
      return given.pending() == null && given.isWhatIsAskedFor(pod);
    }
  }

  /**
   * What a pod, as the API has it now, has been given.
   *
   * @param wake called when that changes later
   */
  Allocation review(Pod pod, Runnable wake) {
    List<Runnable> woken;
    Allocation given;
    synchronized (this) {
      Entry entry = entries.computeIfAbsent(uid(pod), _ -> new Entry(pod, wake));
      entry.pod = pod;
      woken = entry.settled() ? List.of() : settle();
      given = entry.given;
    }
    woken.stream().filter(Predicate.not(wake::equals)).forEach(Runnable::run);
    return given;
  }

  /** The pod has ended or is gone. */
  void release(Pod pod) {
    List<Runnable> woken;
    synchronized (this) {
      woken = entries.remove(uid(pod)) == null ? List.of() : settle();
    }
    woken.forEach(Runnable::run);
  }

  /** From now on resizes are decided: all pods of the node have been reviewed. */
  void open() {
    List<Runnable> woken;
    synchronized (this) {
      open = true;
      woken = settle();
    }
    woken.forEach(Runnable::run);
  }

  private static String uid(Pod pod) {
    return pod.metadata().uidOr("");
  }

  /** Decides all that is open; answers who has to be woken. */
  private List<Runnable> settle() {
    List<Runnable> woken = new ArrayList<>();
    for (boolean again = open; again; ) {
      again = false;
      List<Entry> waiting =
          entries.values().stream().filter(e -> !e.settled()).sorted(IMPORTANCE).toList();
      for (Entry entry : waiting) {
        Allocation before = entry.given;
        entry.given = decide(entry);
        again |= !before.resources().equals(entry.given.resources()); // some may have become free
        if (!before.equals(entry.given)) {
          woken.add(entry.wake);
        }
      }
    }
    return woken;
  }

  private Allocation decide(Entry entry) {
    if (entry.given.isWhatIsAskedFor(entry.pod)) {
      entry.turn = Long.MAX_VALUE;
      return entry.given.waiting(null);
    }
    List<Pod> others =
        entries.values().stream()
            .filter(other -> other != entry)
            .map(other -> other.given.applyTo(other.pod))
            .toList();
    Optional<Pending> hindrance = room.hindrance(entry.pod, entry.given, others);
    if (hindrance.isEmpty()) {
      entry.turn = Long.MAX_VALUE;
      return Allocation.of(entry.pod);
    }
    if (entry.turn == Long.MAX_VALUE) {
      entry.turn = turns++;
    }
    return entry.given.waiting(hindrance.get());
  }
}
