package dev.kapell.app.progress;

import dev.kapell.app.tree.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the watchers have seen so far. Every method takes the board's own lock. */
final class Board {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeMap<String, Workload> workloads = new TreeMap<>();
  private final TreeMap<String, PodState> pods = new TreeMap<>();
  private long version;
  private String failure = "";

  /** A consistent copy. */
  record View(long version, List<Workload> workloads, List<PodState> pods, String failure) {
    /**
     * Every workload says so, and none of its pods contradicts: after a start, a workload still
     * says for a moment how it was before.
     */
    boolean isDone() {
      return workloads.stream().allMatch(Workload::done)
          && pods.stream().noneMatch(pod -> pod.isStarting() && isOurs(pod));
    }

    private boolean isOurs(PodState pod) {
      return workloads.stream().anyMatch(workload -> workload.owns(pod));
    }

    /** Nothing but pods that will hardly help themselves is left to wait for. */
    boolean isStuck() {
      List<PodState> waiting = pods.stream().filter(pod -> !pod.waitingFor().isEmpty()).toList();
      return !waiting.isEmpty() && waiting.stream().allMatch(PodState::stuck);
    }
  }

  /** Puts a workload that is waited for on the board before the watchers see it. */
  void expect(Workload workload) {
    change(() -> workloads.put(workload.name(), workload));
  }

  void workload(String plural, Map<String, Object> object) {
    Workload workload = Workload.of(plural, object);
    change(
        () -> {
          Workload before = workloads.get(workload.name());
          if (before == null) {
            return;
          }
          workloads.put(workload.name(), workload);
          if (before.undone().isEmpty() && !workload.undone().isEmpty()) {
            failure = workload.name() + " has been rolled back: " + workload.undone();
          }
        });
  }

  void pod(boolean deleted, Map<String, Object> object) {
    String key =
        Tree.text(object, "metadata", "namespace") + "/" + Tree.text(object, "metadata", "name");
    change(
        () -> {
          if (deleted) {
            pods.remove(key);
          } else {
            pods.put(key, PodState.of(object));
          }
        });
  }

  void fail(String message) {
    change(() -> failure = message);
  }

  private void change(Runnable update) {
    lock.lock();
    try {
      update.run();
      version++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  View view() {
    lock.lock();
    try {
      return new View(
          version, new ArrayList<>(workloads.values()), new ArrayList<>(pods.values()), failure);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the board differs from {@code seen}, at most {@code limit}; false when the time ran
   * out.
   */
  boolean awaitChange(View seen, Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (version == seen.version()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
