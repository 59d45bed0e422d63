package dev.kapell.sim.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.sim.cluster.Interference;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs put in on purpose: the simulation finds each, makes its story small, and repeats it. */
class BugsTest {
  /** So many worlds of a theme are tried. */
  private static final int WORLDS = 60;

  static Stream<Arguments> bugs() {
    return Stream.of(
        bug("rollouts make two pods too many", "SurgeKept", Theme.USUAL, 5, Bugs::surgeForgotten),
        bug(
            "rollouts take all at once",
            "AvailabilityKept",
            Theme.USUAL,
            19,
            Bugs::availabilityForgotten),
        bug("taints are not looked at", "TaintsRespected", Theme.USUAL, 6, Bugs::taintsForgotten),
        bug(
            "requests are not looked at",
            "NodeNotOverfull",
            Theme.PRIORITIES,
            32,
            Bugs::requestsForgotten),
        bug("the garbage collector deletes nothing", "NoOrphan", Theme.USUAL, 5, Bugs::garbageLeft),
        bug("a job counts a pod twice", "JobCountExact", Theme.USUAL, 4, Bugs::jobCountsTwice),
        bug("a job forgets pods", "JobCountExact", Theme.USUAL, 4, Bugs::jobForgetsPods),
        bug("a write is made twice", "NoVainWrite", Theme.USUAL, 5, Bugs::everythingTwice),
        bug("deletions are not heard of", "Converged", Theme.USUAL, 6, Bugs::deletionsUnheard),
        bug(
            "draining does not ask",
            "DisruptionBudgetKept",
            Theme.PRIORITIES,
            35,
            Bugs::budgetsIgnored),
        bug("ordinals come all at once", "OrdinalsInOrder", Theme.USUAL, 8, Bugs::ordinalsTogether),
        bug("heartbeats are not heard of", "NoFalseAlarm", Theme.USUAL, 3, Bugs::heartbeatsUnheard),
        bug("leases look free", "OneLeader", Theme.LEADERS, 10, MoreBugs::leasesLookFree),
        bug("volumes look free", "ClaimedOnce", Theme.VOLUMES, 18, MoreBugs::volumesLookFree),
        bug(
            "volumes seem everywhere",
            "VolumeInReach",
            Theme.VOLUMES,
            72,
            MoreBugs::volumesEverywhere),
        bug(
            "autoscalers forget bounds",
            "AutoscalerKept",
            Theme.SCALING,
            12,
            MoreBugs::boundsForgotten),
        bug("gangs are not looked at", "GangWhole", Theme.BATCH, 74, MoreBugs::gangsForgotten),
        bug("bindings get lost", "GangTogether", Theme.BATCH, 131, MoreBugs::bindingsLost),
        bug(
            "queues are not looked at",
            "QueueLimitKept",
            Theme.BATCH,
            44,
            MoreBugs::queuesForgotten),
        bug("nobody gives back", "ShareGivenBack", Theme.BATCH, 80, MoreBugs::borrowersForgotten),
        bug(
            "who runs looks unimportant",
            "PreemptsLesser",
            Theme.PRIORITIES,
            32,
            MoreBugs::runningLooksUnimportant),
        bug(
            "cron jobs overlap",
            "ScheduleKept",
            Theme.SCHEDULES,
            176,
            MoreBugs::concurrencyAllowed),
        bug(
            "claims are not looked at",
            "DevicesInHand",
            Theme.DEVICES,
            33,
            MoreBugs::devicesForgotten),
        bug("devices look free", "DeviceGivenOnce", Theme.DEVICES, 33, MoreBugs::devicesLookFree),
        bug(
            "devices look unused",
            "DevicesGivenBack",
            Theme.DEVICES,
            202,
            MoreBugs::devicesLookUnused),
        bug("a thread has another name", "WritersKnown", Theme.USUAL, 3, MoreBugs::anotherName),
        bug(
            "namespaces look empty",
            "NamespaceEmpty",
            Theme.NAMESPACES,
            15,
            MoreBugs::namespacesLookEmpty));
  }

  /**
   * A bug.
   *
   * @param theme what the worlds are about in which to look for it
   * @param seed where to begin: one that shows the bug today
   */
  private static Arguments bug(
      String what, String law, Theme theme, long seed, Supplier<Interference> bug) {
    return Arguments.of(what, law, theme, seed, bug);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("bugs")
  void isFoundMadeSmallAndRepeated(
      String what, String law, Theme theme, long seed, Supplier<Interference> bug) {
    Report found = find(law, theme, seed, bug);
    Report small = new Shrinker(bug).shrink(found);
    // A world of devices has a class, a template and cards before anybody can want one.
    assertThat(small.scenario().acts())
        .as("%s: %s", what, small.lines())
        .hasSizeLessThan(theme.equals(Theme.DEVICES) ? 9 : 5);
    assertThat(small.breaches().getFirst().law()).isEqualTo(law);
    assertThat(World.play(small.scenario(), bug.get()).hash()).isEqualTo(small.hash());
  }

  private static Report find(String law, Theme theme, long first, Supplier<Interference> bug) {
    List<Long> seeds =
        LongStream.iterate(first, seed -> seed + 1)
            .filter(seed -> Draw.theme(seed).equals(theme))
            .limit(WORLDS)
            .boxed()
            .toList();
    for (long seed : seeds) {
      Report report = World.play(Scenario.of(seed), bug.get());
      if (!report.passed() && report.breaches().getFirst().law().equals(law)) {
        return report;
      }
    }
    throw new AssertionError("of " + seeds.size() + " worlds of " + theme + " none breaks " + law);
  }
}
