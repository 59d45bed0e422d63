package dev.kapell.sim.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static Scenario.Timed at(int seconds, Act act) {
    return new Scenario.Timed(Duration.ofSeconds(seconds), act);
  }

  @Test
  void aRolloutIsPlayedTwiceToTheByte() {
    Scenario rollout =
        new Scenario(
            1,
            3,
            List.of(
                at(5, new Act.CreateDeployment("web", 4, "1", "1", 0, 100)),
                at(30, new Act.SetImage("web", "web:2"))));
    Report first = World.play(rollout);
    assertThat(first.lines()).as("%s", first.lines()).noneMatch(l -> l.startsWith("BROKEN"));
    assertThat(first.revisions()).isGreaterThan(50);
    assertThat(World.play(rollout).hash()).isEqualTo(first.hash());
  }

  @Test
  void aSeedGivesTheSameHistoryToTheByte() {
    for (long seed = 1; seed <= 5; seed++) {
      Scenario scenario = Scenario.of(seed);
      assertThat(World.play(scenario).hash()).isEqualTo(World.play(scenario).hash());
    }
  }
}
