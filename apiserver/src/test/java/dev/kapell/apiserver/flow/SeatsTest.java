package dev.kapell.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.ManualClock;
import dev.kapell.base.TaskScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeatsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final Seats seats = new Seats(clock);

  private static LevelPlan limited(String name, int nominal, int lendable, int most, int queues) {
    return new LevelPlan(name, name, false, nominal, lendable, most, queues, 4, 50);
  }

  private static Classifier.Flow flow(String level, String user) {
    return new Classifier.Flow("schema", "uid", level, user);
  }

  private Seats.Outcome.Seated seat(String level, String user) throws InterruptedException {
    return (Seats.Outcome.Seated) seats.enter(flow(level, user), 1, Duration.ZERO);
  }

  private String refusal(String level, String user) throws InterruptedException {
    return ((Seats.Outcome.Refused) seats.enter(flow(level, user), 1, Duration.ZERO)).reason();
  }

  @Test
  void aLevelWithoutQueuesRefusesWhatFindsNoSeat() throws Exception {
    seats.plan(List.of(limited("a", 2, 0, 2, 0)));
    seat("a", "ann");
    Seats.Outcome.Seated second = seat("a", "ann");
    assertThat(refusal("a", "ann")).isEqualTo("concurrency-limit");
    seats.leave(second);
    seat("a", "ann");
  }

  @Test
  void anExemptLevelHasNoBound() throws Exception {
    seats.plan(
        List.of(
            new LevelPlan("x", "x", true, 0, 0, Integer.MAX_VALUE, 0, 0, 0),
            limited("a", 1, 0, 1, 0)));
    for (int i = 0; i < 100; i++) {
      seat("x", "root");
    }
    seat("a", "ann");
  }

  @Test
  void aLevelBorrowsWhatOthersLendAndNoMore() throws Exception {
    seats.plan(List.of(limited("a", 2, 0, 100, 0), limited("b", 4, 3, 4, 0)));
    for (int i = 0; i < 5; i++) {
      seat("a", "ann");
    }
    assertThat(refusal("a", "ann")).isEqualTo("concurrency-limit");
    seat("b", "bob"); // what b does not lend
    assertThat(refusal("b", "bob")).isEqualTo("concurrency-limit");
  }

  @Test
  void borrowingHasItsOwnBound() throws Exception {
    seats.plan(List.of(limited("a", 2, 0, 3, 0), limited("b", 4, 4, 4, 0)));
    for (int i = 0; i < 3; i++) {
      seat("a", "ann");
    }
    assertThat(refusal("a", "ann")).isEqualTo("concurrency-limit");
  }

  @Test
  void whoFindsNoSeatWaitsAndGivesUpInTheEnd() throws Exception {
    seats.plan(List.of(limited("a", 1, 0, 1, 8)));
    seat("a", "ann");
    assertThat(refusal("a", "ann")).isEqualTo("time-out");
    assertThat(seats.view().iterator().next().waiting()).isZero();
  }

  @Test
  void thereIsACrowdWhileSomebodyWaitsAndForAMomentAfterwards() throws Exception {
    seats.plan(List.of(limited("a", 1, 0, 1, 8)));
    assertThat(seats.crowded()).isFalse();
    Seats.Outcome.Seated first = seat("a", "ann");
    assertThat(seats.crowded()).isFalse();
    assertThat(refusal("a", "ann")).isEqualTo("time-out");
    assertThat(seats.crowded()).isTrue();
    seats.leave(first);
    clock.advance(Duration.ofSeconds(1));
    assertThat(seats.crowded()).isFalse();
  }

  @Test
  void aFullQueueRefuses() throws Exception {
    seats.plan(List.of(new LevelPlan("a", "a", false, 1, 0, 1, 1, 1, 2)));
    Seats.Outcome.Seated first = seat("a", "ann");
    BlockingQueue<Seats.Outcome> outcomes = new LinkedBlockingQueue<>();
    try (TaskScope scope = scope()) {
      waiting(scope, "ann", outcomes);
      waiting(scope, "ann", outcomes);
      awaitWaiting(2);
      assertThat(refusal("a", "ann")).isEqualTo("queue-full");
      seats.leave(first);
      seats.leave(taken(outcomes));
      taken(outcomes);
    }
  }

  @Test
  void aModestFlowGetsItsTurnBesideAGreedyOne() throws Exception {
    seats.plan(List.of(limited("a", 1, 0, 1, 64)));
    Seats.Outcome.Seated running = seat("a", "greedy");
    BlockingQueue<String> order = new LinkedBlockingQueue<>();
    BlockingQueue<Seats.Outcome> outcomes = new LinkedBlockingQueue<>();
    try (TaskScope scope = scope()) {
      for (int i = 0; i < 40; i++) {
        waiting(scope, "greedy", order, outcomes);
        awaitWaiting(i + 1);
      }
      waiting(scope, "modest", order, outcomes);
      awaitWaiting(41);
      seats.leave(running);
      for (int i = 0; i < 41; i++) {
        seats.leave(taken(outcomes));
      }
    }
    List<String> served = new ArrayList<>(order);
    assertThat(served.indexOf("modest")).isLessThan(6);
  }

  @Test
  void aGreedyFlowLeavesSeatsForWhoComesNext() throws Exception {
    seats.plan(List.of(limited("a", 8, 0, 8, 64)));
    List<Seats.Outcome.Seated> taken = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      taken.add(seat("a", "greedy"));
    }
    assertThat(refusal("a", "greedy")).isEqualTo("time-out");
    seat("a", "modest");
    seat("a", "modest");
    assertThat(refusal("a", "modest")).as("now all are taken").isEqualTo("time-out");
    seats.leave(taken.getFirst());
    assertThat(refusal("a", "greedy")).isEqualTo("time-out");
    seat("a", "third");
  }

  @Test
  void whoWaitsInALevelThatGoesRunsAtOnce() throws Exception {
    seats.plan(List.of(limited("a", 1, 0, 1, 8)));
    seat("a", "ann");
    BlockingQueue<Seats.Outcome> outcomes = new LinkedBlockingQueue<>();
    try (TaskScope scope = scope()) {
      waiting(scope, "ann", outcomes);
      awaitWaiting(1);
      seats.plan(List.of(limited("b", 1, 0, 1, 8)));
      seats.leave(taken(outcomes));
    }
    assertThat(refusal("a", "ann")).isEqualTo("cancelled");
  }

  @Test
  void whatIsWideIsCutToAShareOfTheLevel() throws Exception {
    seats.plan(List.of(limited("a", 40, 0, 40, 8)));
    Seats.Outcome.Seated wide =
        (Seats.Outcome.Seated) seats.enter(flow("a", "ann"), 10, Duration.ZERO);
    assertThat(wide.seats()).isEqualTo(6);
  }

  @Test
  void aHandHasDifferentQueuesAndTwoFlowsRarelyTheSame() {
    int same = 0;
    int[] first = Hand.deal("schema", "ann", 128, 6);
    for (int i = 0; i < 1000; i++) {
      int[] hand = Hand.deal("schema", "user-" + i, 128, 6);
      assertThat(IntStream.of(hand).distinct().filter(card -> card >= 0 && card < 128).count())
          .isEqualTo(6);
      same += java.util.Arrays.equals(first, hand) ? 1 : 0;
    }
    assertThat(same).isZero();
    assertThat(Hand.deal("schema", "ann", 128, 6)).isEqualTo(first);
    assertThat(Hand.deal("schema", "ann", 3, 8)).hasSize(3);
  }

  private static TaskScope scope() {
    return new TaskScope(
        "test",
        (task, cause) -> {
          throw new AssertionError(task, cause);
        });
  }

  private void waiting(TaskScope scope, String user, BlockingQueue<Seats.Outcome> outcomes) {
    waiting(scope, user, new LinkedBlockingQueue<>(), outcomes);
  }

  private void waiting(
      TaskScope scope,
      String user,
      BlockingQueue<String> order,
      BlockingQueue<Seats.Outcome> outcomes) {
    scope.start(
        user,
        () -> {
          Seats.Outcome outcome = seats.enter(flow("a", user), 1, LONG);
          order.add(user);
          outcomes.add(outcome);
        });
  }

  private void awaitWaiting(int count) {
    while (seats.view().iterator().next().waiting() < count) {
      Thread.onSpinWait();
    }
  }

  private static Seats.Outcome.Seated taken(BlockingQueue<Seats.Outcome> outcomes)
      throws InterruptedException {
    Seats.Outcome outcome = outcomes.poll(30, TimeUnit.SECONDS);
    assertThat(outcome).isInstanceOf(Seats.Outcome.Seated.class);
    return (Seats.Outcome.Seated) java.util.Objects.requireNonNull(outcome);
  }
}
