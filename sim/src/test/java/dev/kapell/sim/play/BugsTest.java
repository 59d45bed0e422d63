package dev.kapell.sim.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.sim.cluster.Interference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs put in on purpose: the simulation finds each, makes its story small, and repeats it. */
class BugsTest {
  private static final int SEEDS = 100;

  static Stream<Arguments> bugs() {
    return Stream.of(
        bug("rollouts make two pods too many", "SurgeKept", 5, Bugs::surgeForgotten),
        bug("rollouts take all away at once", "AvailabilityKept", 20, Bugs::availabilityForgotten),
        bug("taints are not looked at", "TaintsRespected", 1, Bugs::taintsForgotten),
        bug("requests are not looked at", "NodeNotOverfull", 13, Bugs::requestsForgotten),
        bug("the garbage collector deletes nothing", "NoOrphan", 5, Bugs::garbageLeft),
        bug("a job counts a pod twice", "JobCountExact", 4, Bugs::jobCountsTwice),
        bug("a job forgets pods", "JobCountExact", 4, Bugs::jobForgetsPods),
        bug("a write is made twice", "NoVainWrite", 0, Bugs::everythingTwice),
        bug("deletions are not heard of", "Converged", 6, Bugs::deletionsUnheard),
        bug("draining does not ask budgets", "DisruptionBudgetKept", 35, Bugs::budgetsIgnored),
        bug("ordinals come all at once", "OrdinalsInOrder", 8, Bugs::ordinalsTogether),
        bug("heartbeats are not heard of", "NoFalseAlarm", 0, Bugs::heartbeatsUnheard),
        bug("leases look free", "OneLeader", 0, MoreBugs::leasesLookFree),
        bug("volumes look free", "ClaimedOnce", 25, MoreBugs::volumesLookFree),
        bug("volumes seem to be everywhere", "VolumeInReach", 96, MoreBugs::volumesEverywhere),
        bug("autoscalers forget bounds", "AutoscalerKept", 1, MoreBugs::boundsForgotten),
        bug("gangs are not looked at", "GangWhole", 9, MoreBugs::gangsForgotten),
        bug("queues are not looked at", "QueueLimitKept", 9, MoreBugs::queuesForgotten),
        bug("who runs looks unimportant", "PreemptsLesser", 13, MoreBugs::runningLooksUnimportant),
        bug("cron jobs overlap", "ScheduleKept", 48, MoreBugs::concurrencyAllowed),
        bug("claims are not looked at", "DevicesInHand", 15, MoreBugs::devicesForgotten),
        bug("devices look free", "DeviceGivenOnce", 15, MoreBugs::devicesLookFree),
        bug("devices look unused", "DevicesGivenBack", 15, MoreBugs::devicesLookUnused),
        bug("namespaces look empty", "NamespaceEmpty", 2, MoreBugs::namespacesLookEmpty));
  }

  /** {@code seed} is where to look first: one that shows the bug today. */
  private static Arguments bug(String what, String law, long seed, Supplier<Interference> bug) {
    return Arguments.of(what, law, seed, bug);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("bugs")
  void isFoundMadeSmallAndRepeated(String what, String law, long seed, Supplier<Interference> bug) {
    Report found = find(law, seed, bug);
    Report small = new Shrinker(bug).shrink(found);
    assertThat(small.scenario().acts()).as("%s: %s", what, small.lines()).hasSizeLessThan(5);
    assertThat(small.breaches().getFirst().law()).isEqualTo(law);
    assertThat(World.play(small.scenario(), bug.get()).hash()).isEqualTo(small.hash());
  }

  private static Report find(String law, long first, Supplier<Interference> bug) {
    for (long seed = first; seed < first + SEEDS; seed++) {
      Report report = World.play(Scenario.of(seed), bug.get());
      if (!report.passed() && report.breaches().getFirst().law().equals(law)) {
        return report;
      }
    }
    throw new AssertionError("no seed from " + first + " to " + (first + SEEDS) + " breaks " + law);
  }
}
