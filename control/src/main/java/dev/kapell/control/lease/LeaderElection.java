package dev.kapell.control.lease;

import dev.kapell.api.Types;
import dev.kapell.api.coordination.v1.Lease;
import dev.kapell.api.coordination.v1.LeaseSpec;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task while this process holds a Lease, and never while it does not.
 *
 * <pre>
 *   contend ──won──▶ lead: task runs, lease renewed every `retry`
 *      ▲                │ not renewed within `renewDeadline`, or taken by another
 *      └────────────────┘ the task is interrupted and awaited first
 * </pre>
 *
 * <p>Another's lease counts as expired when it has not changed for its duration <em>as measured by
 * this process's own clock</em>: clocks of different machines are not compared.
 */
public final class LeaderElection {
  private static final System.Logger LOG = System.getLogger("kapell.control");

  /**
   * Who contends for what.
   *
   * @param lease the Lease object
   * @param identity unique among the contenders
   * @param duration after which an unrenewed lease may be taken
   * @param renewDeadline after which a leader that cannot renew steps down; shorter than duration
   * @param retry between two tries
   */
  public record Terms(
      ObjectKey lease, String identity, Duration duration, Duration renewDeadline, Duration retry) {
    /** Kubernetes' own figures: 15 s, 10 s, 2 s. */
    public static Terms of(ObjectKey lease, String identity) {
      return new Terms(
          lease, identity, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }
  }

  private final Client client;
  private final Clock clock;
  private final Terms terms;
  private @Nullable LeaseSpec seen;
  private long seenAtNanos;

  /** Set by whoever renews, for the one who leads. */
  private volatile long renewedAtNanos;

  private volatile boolean lost;

  /** Contends once it is {@linkplain #run run}. */
  public LeaderElection(Client client, Clock clock, Terms terms) {
    this.client = client;
    this.clock = clock;
    this.terms = terms;
  }

  /** Contends, leads, contends again, until the calling thread is interrupted. */
  public void run(TaskScope.Task whileLeading) throws InterruptedException {
    while (true) {
      while (!tryAcquire()) {
        clock.sleep(terms.retry());
      }
      LOG.log(
          System.Logger.Level.INFO,
          "leading lease={0} identity={1}",
          terms.lease(),
          terms.identity());
      try {
        lead(whileLeading);
      } finally {
        release();
      }
      LOG.log(System.Logger.Level.WARNING, "leadership lost lease={0}", terms.lease());
    }
  }

  /** A renewal that hangs does not keep the leader from stepping down in time. */
  private void lead(TaskScope.Task whileLeading) throws InterruptedException {
    TaskScope scope =
        new TaskScope(
            "leader",
            (task, cause) -> LOG.log(System.Logger.Level.ERROR, "leader's task failed", cause));
    renewedAtNanos = clock.nanoTime();
    lost = false;
    Semaphore look = new Semaphore(0);
    try (scope) {
      scope.start(terms.lease().name(), whileLeading);
      scope.start("renew", () -> renew(look));
      while (!lost) {
        long left = terms.renewDeadline().toNanos() - (clock.nanoTime() - renewedAtNanos);
        if (left <= 0) {
          return;
        }
        Clock.Alarm alarm = clock.schedule(Duration.ofNanos(left), look::release);
        look.acquire();
        alarm.cancel();
      }
    }
  }

  private void renew(Semaphore look) throws InterruptedException {
    while (!lost) {
      clock.sleep(terms.retry());
      long asked = clock.nanoTime();
      if (tryAcquire()) {
        renewedAtNanos = asked;
      } else if (isHeldByOther()) {
        lost = true;
        look.release();
      }
    }
  }

  private boolean isHeldByOther() {
    LeaseSpec held = seen;
    return held != null && !held.holderIdentityOr("").equals(terms.identity());
  }

  /**
   * One try to take or renew the lease; false when another has it or the server cannot be reached.
   */
  boolean tryAcquire() {
    try {
      Optional<Lease> found = client.find(Types.LEASE, terms.lease());
      if (found.isEmpty()) {
        note(client.create(Types.LEASE, fresh()).spec());
        return true;
      }
      Lease lease = found.get();
      LeaseSpec spec = lease.spec();
      boolean mine = spec.holderIdentityOr("").equals(terms.identity());
      if (!mine && !isFree(spec)) {
        return false;
      }
      note(client.update(Types.LEASE, lease.withSpec(taken(spec, mine))).spec());
      return true;
    } catch (ApiFailure e) {
      LOG.log(System.Logger.Level.DEBUG, "lease not taken lease={0} cause={1}", terms.lease(), e);
      return false;
    }
  }

  private boolean isFree(LeaseSpec spec) {
    if (spec.holderIdentityOr("").isEmpty()) {
      return true;
    }
    if (!spec.equals(seen)) {
      note(spec);
    }
    Duration duration =
        Duration.ofSeconds(spec.leaseDurationSecondsOr((int) terms.duration().toSeconds()));
    return clock.nanoTime() - seenAtNanos >= duration.toNanos();
  }

  private void note(LeaseSpec spec) {
    seen = spec;
    seenAtNanos = clock.nanoTime();
  }

  private Lease fresh() {
    return Lease.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace(terms.lease().namespace())
                .name(terms.lease().name())
                .build())
        .spec(taken(LeaseSpec.EMPTY, false).withLeaseTransitions(0))
        .build();
  }

  private LeaseSpec taken(LeaseSpec spec, boolean mine) {
    Instant now = clock.now();
    LeaseSpec renewed =
        spec.withHolderIdentity(terms.identity())
            .withLeaseDurationSeconds((int) terms.duration().toSeconds())
            .withRenewTime(now);
    return mine
        ? renewed
        : renewed.withAcquireTime(now).withLeaseTransitions(spec.leaseTransitionsOr(0) + 1);
  }

  /** Lets the next contender in without waiting; best effort, the lease expires anyway. */
  private void release() {
    try {
      Optional<Lease> found = client.find(Types.LEASE, terms.lease());
      if (found.isPresent() && found.get().spec().holderIdentityOr("").equals(terms.identity())) {
        Lease lease = found.get();
        client.update(
            Types.LEASE,
            lease.withSpec(lease.spec().withHolderIdentity("").withLeaseDurationSeconds(1)));
      }
    } catch (ApiFailure e) {
      LOG.log(
          System.Logger.Level.DEBUG, "lease not released lease={0} cause={1}", terms.lease(), e);
    }
  }
}
