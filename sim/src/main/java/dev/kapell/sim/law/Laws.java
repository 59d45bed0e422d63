package dev.kapell.sim.law;

import java.util.List;

/** The laws that every simulated cluster is held to. */
public final class Laws {
  private Laws() {}

  /** A new set of them, for one world. */
  public static List<Law> all() {
    return List.of(
        new WritersKnown(),
        new NodeNotOverfull(),
        new TaintsRespected(),
        new ClaimedOnce(),
        new DeviceGivenOnce(),
        new DevicesInHand(),
        new DevicesGivenBack(),
        new SurgeKept(),
        new AvailabilityKept(),
        new DisruptionBudgetKept(),
        new JobCountExact(),
        new OrdinalsInOrder(),
        new VolumeInReach(),
        new AutoscalerKept(),
        new GangWhole(),
        new GangTogether(),
        new QueueLimitKept(),
        new ShareGivenBack(),
        new PreemptsLesser(),
        new ScheduleKept(),
        new NamespaceEmpty(),
        new OneLeader(),
        new NoVainWrite(),
        new NoFalseAlarm(),
        new NoOrphan(),
        new Converged());
  }
}
