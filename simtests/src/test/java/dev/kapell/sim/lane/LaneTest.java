package dev.kapell.sim.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static Lane lane(long seed) {
    return new Lane(ORIGIN, Randomness.seeded(seed));
  }

  /** Three threads, and one that a thread of them starts, take turns. */
  private static List<String> turns(long seed) throws Exception {
    List<String> told = new ArrayList<>();
    Lane lane = lane(seed);
    lane.run(
        () -> {
          try (TaskScope scope = new TaskScope("test", (task, cause) -> told.add("" + cause))) {
            List<Thread> threads = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
              threads.add(
                  scope.start(
                      name,
                      () -> {
                        for (int i = 0; i < 3; i++) {
                          lane.sleep(Duration.ofSeconds(1));
                          told.add(name + i);
                        }
                        scope.start(name + "'", () -> told.add(name + "'")).join();
                      }));
            }
            for (Thread thread : threads) {
              thread.join();
            }
          }
        });
    return told;
  }

  @Test
  void theSameSeedGivesTheSameRun() throws Exception {
    assertThat(turns(1)).isEqualTo(turns(1)).hasSize(12);
  }

  @Test
  void seedsDiffer() throws Exception {
    Set<List<String>> runs = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      runs.add(turns(seed));
    }
    assertThat(runs).hasSizeGreaterThan(10);
  }

  @Test
  void timeJumpsToTheNextAlarmWhenAllWait() throws Exception {
    Lane lane = lane(1);
    lane.run(
        () -> {
          lane.sleep(Duration.ofDays(3));
          assertThat(lane.now()).isEqualTo(ORIGIN.plus(Duration.ofDays(3)));
        });
    assertThat(lane.elapsed()).isEqualTo(Duration.ofDays(3));
  }

  @Test
  void aCancelledAlarmTakesNoTime() throws Exception {
    Lane lane = lane(1);
    lane.run(
        () -> {
          Semaphore rung = new Semaphore(0);
          lane.schedule(Duration.ofSeconds(5), rung::release).cancel();
          lane.schedule(Duration.ofSeconds(9), rung::release);
          rung.acquire();
          assertThat(lane.elapsed()).isEqualTo(Duration.ofSeconds(9));
        });
  }

  @Test
  void aJumpMovesTheTimeOfDayAndNoSpan() throws Exception {
    Lane lane = lane(1);
    lane.run(
        () -> {
          lane.jump(Duration.ofHours(-1));
          lane.sleep(Duration.ofSeconds(1));
        });
    assertThat(lane.now()).isEqualTo(ORIGIN.minus(Duration.ofHours(1)).plusSeconds(1));
    assertThat(lane.nanoTime()).isEqualTo(1_000_000_000L);
  }

  @Test
  void saysThatNobodyCanEverGoOn() {
    assertThatThrownBy(() -> lane(1).run(() -> new CountDownLatch(1).await()))
        .hasMessageContaining("everybody waits");
  }

  @Test
  void whatMainThrowsIsThrown() {
    assertThatThrownBy(
            () ->
                lane(1)
                    .run(
                        () -> {
                          throw new IllegalArgumentException("no");
                        }))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void holdsTenThousandThreadsThatSleep() throws Exception {
    Lane lane = lane(1);
    List<Integer> woken = new ArrayList<>();
    lane.run(
        () -> {
          try (TaskScope scope = new TaskScope("many", (task, cause) -> woken.add(-1))) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
              int number = i;
              threads.add(
                  scope.start(
                      "t" + i,
                      () -> {
                        lane.sleep(Duration.ofSeconds(number % 60));
                        woken.add(number);
                      }));
            }
            for (Thread thread : threads) {
              thread.join();
            }
          }
        });
    assertThat(woken).hasSize(10_000);
    assertThat(lane.elapsed()).isEqualTo(Duration.ofSeconds(59));
  }
}
