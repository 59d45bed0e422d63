package dev.kapell.sim.play;

import java.util.List;

/** CronJobs, until they are suspended. */
final class ScheduleTheme {
  private ScheduleTheme() {}

  static void draw(Sketch sketch) {
    int crons = sketch.between(1, 2);
    for (int i = 0; i < crons; i++) {
      sketch.create(2 + sketch.below(20), cron(i, sketch));
      sketch.add(Sketch.SPAN_SECONDS + 30 + sketch.below(60), new Act.Suspend("cron-" + i));
    }
  }

  private static String cron(int number, Sketch sketch) {
    return """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: cron-%d, namespace: default}
        spec:
          schedule: "* * * * *"
          concurrencyPolicy: %s
          startingDeadlineSeconds: %s
          successfulJobsHistoryLimit: %d
          failedJobsHistoryLimit: %d
          jobTemplate:
            spec:
              backoffLimit: 1
              completions: %d
              parallelism: 2
              template:
                metadata:
                  labels: {app: cron-%d}
                  annotations:
                    simulation.kapell.dev/run-seconds: "%d"
                    simulation.kapell.dev/exit-code: "%d"
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: main, image: "work:1"}
        """
        .formatted(
            number,
            sketch.anyOf(List.of("Allow", "Forbid", "Replace")),
            sketch.anyOf(List.of("null", "20", "200")),
            sketch.below(3),
            sketch.below(2),
            sketch.between(1, 3),
            number,
            sketch.between(1, 90),
            sketch.oneIn(4) ? 1 : 0);
  }
}
