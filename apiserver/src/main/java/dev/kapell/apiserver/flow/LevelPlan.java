package dev.kapell.apiserver.flow;

import dev.kapell.api.flowcontrol.v1.ExemptPriorityLevelConfiguration;
import dev.kapell.api.flowcontrol.v1.LimitResponse;
import dev.kapell.api.flowcontrol.v1.LimitedPriorityLevelConfiguration;
import dev.kapell.api.flowcontrol.v1.PriorityLevelConfiguration;
import dev.kapell.api.flowcontrol.v1.PriorityLevelConfigurationSpec;
import dev.kapell.api.flowcontrol.v1.QueuingConfiguration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a priority level may use of the server's seats.
 *
 * @param exempt whether it has no bound
 * @param nominal its own seats
 * @param lendable how many of those others may use while it does not
 * @param most its own and what it may borrow
 * @param queues 0: what finds no seat is refused
 * @param hand how many of the queues a flow may use
 * @param queueLength how many requests wait in a queue
 */
record LevelPlan(
    String name,
    String uid,
    boolean exempt,
    int nominal,
    int lendable,
    int most,
    int queues,
    int hand,
    int queueLength) {

  /** Shares {@code seats} among {@code levels} as they ask. */
  static List<LevelPlan> of(Collection<PriorityLevelConfiguration> levels, int seats) {
    long shares = 0;
    for (PriorityLevelConfiguration level : levels) {
      shares += shares(level);
    }
    List<LevelPlan> plans = new ArrayList<>();
    for (PriorityLevelConfiguration level : levels) {
      plans.add(of(level, seats, Math.max(1, shares)));
    }
    return plans;
  }

  private static boolean isExempt(PriorityLevelConfiguration level) {
    return spec(level).typeOr("").equals("Exempt");
  }

  private static PriorityLevelConfigurationSpec spec(PriorityLevelConfiguration level) {
    return level.spec();
  }

  private static int shares(PriorityLevelConfiguration level) {
    return isExempt(level)
        ? spec(level).exemptOr(ExemptPriorityLevelConfiguration.EMPTY).nominalConcurrencySharesOr(0)
        : spec(level)
            .limitedOr(LimitedPriorityLevelConfiguration.EMPTY)
            .nominalConcurrencySharesOr(30);
  }

  private static LevelPlan of(PriorityLevelConfiguration level, int seats, long shares) {
    String name = level.metadata().nameOr("");
    String uid = level.metadata().uidOr("");
    int nominal = (int) Math.ceilDiv((long) seats * shares(level), shares);
    if (isExempt(level)) {
      int lendable =
          spec(level).exemptOr(ExemptPriorityLevelConfiguration.EMPTY).lendablePercentOr(0);
      return new LevelPlan(
          name, uid, true, nominal, percent(nominal, lendable), Integer.MAX_VALUE, 0, 0, 0);
    }
    LimitedPriorityLevelConfiguration limited =
        spec(level).limitedOr(LimitedPriorityLevelConfiguration.EMPTY);
    Integer borrowing = limited.borrowingLimitPercent();
    int most = borrowing == null ? Integer.MAX_VALUE / 2 : nominal + percent(nominal, borrowing);
    LimitResponse response = limited.limitResponseOr(LimitResponse.EMPTY);
    boolean queues = response.typeOr("").equals("Queue");
    QueuingConfiguration queuing = response.queuingOr(QueuingConfiguration.EMPTY);
    return new LevelPlan(
        name,
        uid,
        false,
        nominal,
        percent(nominal, limited.lendablePercentOr(0)),
        most,
        queues ? Math.max(1, queuing.queuesOr(64)) : 0,
        Math.max(1, queuing.handSizeOr(8)),
        Math.max(1, queuing.queueLengthLimitOr(50)));
  }

  private static int percent(int of, int percent) {
    return (int) Math.round(of * (percent / 100.0));
  }
}
