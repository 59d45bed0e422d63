package dev.kapell.controllers.cronjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.batch.v1.CronJob;
import dev.kapell.api.batch.v1.CronJobSpec;
import dev.kapell.api.batch.v1.CronJobStatus;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.batch.v1.JobCondition;
import dev.kapell.api.batch.v1.JobStatus;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.client.ApiFailure;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.world.Make;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DueTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:30Z");

  private static CronJob cron(String schedule, UnaryOperator<CronJobSpec.Builder> spec) {
    return CronJob.builder()
        .metadata(
            Make.meta("tick")
                .withUid("cron")
                .withCreationTimestamp(NOW.minus(Duration.ofDays(400))))
        .spec(spec.apply(CronJobSpec.builder().schedule(schedule)).build())
        .status(CronJobStatus.builder().lastScheduleTime(NOW.minusSeconds(90)).build())
        .build();
  }

  private static Job job(CronJob cron, String name, String end) {
    ObjectMeta meta =
        Make.meta(name)
            .withUid("uid-" + name)
            .withAnnotations(Map.of("batch.kubernetes.io/cronjob-scheduled-timestamp", "x"))
            .withOwnerReferences(List.of(Owners.reference(cron)));
    List<JobCondition> conditions =
        end.isEmpty()
            ? List.of()
            : List.of(JobCondition.builder().type(end).status("True").build());
    return Job.builder()
        .metadata(meta)
        .status(
            JobStatus.builder()
                .startTime(NOW.minusSeconds(name.hashCode() & 0xff))
                .conditions(conditions)
                .build())
        .build();
  }

  private static List<String> did(CronJob cron, Job... jobs) {
    List<String> did = new ArrayList<>();
    for (Change change : decide(cron, jobs).changes()) {
      switch (change) {
        case Change.Create<?> c -> did.add("create " + c.object().metadata().nameOr(""));
        case Change.Delete<?> d -> did.add("delete " + d.key().name());
        case Change.Tell t -> did.add(t.reason());
        default -> {}
      }
    }
    return did;
  }

  private static Plan decide(CronJob cron, Job... jobs) {
    return Due.decide(new Due.Seen(cron, List.of(jobs)), NOW);
  }

  private static CronJobStatus status(Plan plan) {
    Change last = plan.changes().getLast();
    return ((CronJob) ((Change.UpdateStatus<?>) last).after()).status();
  }

  private static String name(String at) {
    return "tick-" + Instant.parse(at).getEpochSecond() / 60;
  }

  @Test
  void aJobIsMadeForTheLatestTimeOnly() {
    CronJob cron = cron("* * * * *", s -> s);
    assertThat(did(cron))
        .containsExactly("create " + name("2026-06-01T12:00:00Z"), "SuccessfulCreate");
    assertThat(status(decide(cron)).lastScheduleTime())
        .isEqualTo(Instant.parse("2026-06-01T12:00:00Z"));
    assertThat(decide(cron).again()).contains(Duration.ofSeconds(30));
  }

  @Test
  void whatWasServedIsNotServedAgain() {
    CronJob cron = cron("0 12 * * *", s -> s);
    CronJob served =
        cron.withStatus(cron.status().withLastScheduleTime(Instant.parse("2026-06-01T12:00:00Z")));
    assertThat(did(served)).isEmpty();
    assertThat(did(cron, job(cron, name("2026-06-01T12:00:00Z"), ""))).isEmpty();
  }

  @ParameterizedTest(name = "{0} while one runs: {1}")
  @CsvSource({
    "Allow,   create SuccessfulCreate",
    "Forbid,  JobAlreadyActive",
    "Replace, delete SuccessfulDelete create SuccessfulCreate"
  })
  void concurrency(String policy, String expected) {
    CronJob cron = cron("* * * * *", s -> s.concurrencyPolicy(policy));
    assertThat(did(cron, job(cron, "running", "")).stream().map(w -> w.split(" ", -1)[0]).toList())
        .containsExactly(expected.split(" ", -1));
  }

  @Test
  void aJobThatAPersonMadeOfItBlocksNothing() {
    CronJob cron = cron("* * * * *", s -> s.concurrencyPolicy("Forbid"));
    Job job = job(cron, "by-hand", "");
    Job byHand =
        job.withMetadata(
            job.metadata().withAnnotations(Map.of("cronjob.kubernetes.io/instantiate", "manual")));
    assertThat(did(cron, byHand)).contains("SuccessfulCreate");
    assertThat(status(decide(cron, byHand)).active()).isEmpty();
  }

  @ParameterizedTest(name = "{0} since {1}, deadline {2}: {3}")
  @CsvSource({
    "'* * * * *', 2025-06-01T00:00:00Z, ,    2026-06-01T12:00:00Z, true",
    "'* * * * *', 2026-06-01T10:20:00Z, ,    2026-06-01T12:00:00Z, false",
    "'* * * * *', 2026-06-01T10:19:00Z, ,    2026-06-01T12:00:00Z, true",
    "'* * * * *', 2025-06-01T00:00:00Z, 200, 2026-06-01T12:00:00Z, false",
    "'*/1 9 1 1 *', 2025-01-01T09:30:00Z, ,  2026-01-01T09:59:00Z, false",
    "'0 11 * * *', 2026-05-01T11:00:00Z, ,   2026-06-01T11:00:00Z, false",
    "'0 11 * * *', 2026-05-01T11:00:00Z, 600, , false",
    "'@every 7m',  2026-06-01T11:50:00Z, ,   2026-06-01T11:57:00Z, false",
    "'@every 2h',  2026-06-01T10:00:20Z, 60, 2026-06-01T12:00:20Z, false",
    "'@every 2h',  2026-06-01T09:59:00Z, 60, , false",
  })
  void missedStarts(String schedule, Instant last, Long deadline, Instant served, boolean many) {
    CronJob cron = cron(schedule, s -> s.startingDeadlineSeconds(deadline));
    CronJob seen =
        cron.withMetadata(cron.metadata().withCreationTimestamp(last))
            .withStatus(CronJobStatus.builder().lastScheduleTime(last).build());
    List<String> did = did(seen);
    assertThat(did.contains("TooManyMissedTimes")).isEqualTo(many);
    if (served == null) {
      assertThat(did).isEmpty();
    } else {
      assertThat(did).contains("create " + name(served.toString()));
    }
  }

  @ParameterizedTest(name = "{0} in {1}: {2}")
  @CsvSource({
    "'0 0 30 2 *', '',        NoNextTime",
    "'61 * * * *', '',        UnparseableSchedule",
    "'* * * * *',  Mars/Base, UnknownTimeZone"
  })
  void aScheduleThatCannotBeKeptIsToldAndNotWaitedFor(String schedule, String zone, String reason) {
    CronJob cron = cron(schedule, s -> s.timeZone(zone.isEmpty() ? null : zone));
    assertThat(did(cron)).containsExactly(reason);
    assertThat(decide(cron).again()).isEmpty();
  }

  @Test
  void theJobSaysForWhichTimeItIsInItsZone() {
    CronJob cron = cron("0 14 * * *", s -> s.timeZone("Europe/Berlin"));
    assertThat(
            decide(cron).changes().stream()
                .filter(Change.Create.class::isInstance)
                .map(c -> ((Change.Create<?>) c).object().metadata().annotations()))
        .containsExactly(
            Map.of("batch.kubernetes.io/cronjob-scheduled-timestamp", "2026-06-01T14:00:00+02:00"));
  }

  @Test
  void onlyTheNewestOfTheHistoryAreKept() {
    CronJob cron =
        cron("0 0 1 1 *", s -> s.successfulJobsHistoryLimit(1).failedJobsHistoryLimit(0));
    Job early = job(cron, "a", "Complete");
    Job older =
        early
            .withStatus(early.status().withStartTime(NOW.minusSeconds(9999)))
            .withMetadata(early.metadata().withName("old").withUid("uid-old"));
    assertThat(did(cron, early, older, job(cron, "f", "Failed")))
        .containsExactly("delete old", "SuccessfulDelete", "delete f", "SuccessfulDelete");
  }

  @Test
  void theEndOfAJobIsToldOnce() {
    CronJob cron = cron("0 0 1 1 *", s -> s);
    CronJob knowing =
        cron.withStatus(
            cron.status()
                .withActive(
                    List.of(
                        ObjectReference.builder().name("a").uid("uid-a").build(),
                        ObjectReference.builder().name("b").uid("uid-b").build())));
    assertThat(did(knowing, job(cron, "a", "Complete")))
        .containsExactly("SawCompletedJob", "MissingJob");
    assertThat(status(decide(knowing, job(cron, "a", "Complete"))).active()).isEmpty();
  }

  @Test
  void suspendedNothingIsMade() {
    assertThat(did(cron("* * * * *", s -> s.suspend(true)))).isEmpty();
  }

  @Test
  void aJobThatCannotBeMadeIsTold() {
    CronJob cron = cron("* * * * *", s -> s);
    Plan plan = decide(cron);
    Plan told =
        Due.refused(
            new Due.Seen(cron, List.of()),
            plan.changes().getFirst(),
            new ApiFailure(
                Status.builder().code(403).reason("Forbidden").message("exceeded quota").build()));
    assertThat(told.changes())
        .singleElement()
        .isInstanceOfSatisfying(
            Change.Tell.class, t -> assertThat(t.reason()).isEqualTo("FailedCreate"));
  }
}
