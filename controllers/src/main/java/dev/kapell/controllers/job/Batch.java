package dev.kapell.controllers.job;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.match.BatchMarks;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a Job passes on to its pods for the scheduler: that they are a gang, and their queue. What
 * the template says itself counts. Pure.
 */
final class Batch {
  private Batch() {}

  /** {@code meta} of a pod of {@code job} with the marks. */
  static ObjectMeta mark(ObjectMeta meta, Job job) {
    return queue(gang(meta, job), job);
  }

  private static ObjectMeta gang(ObjectMeta meta, Job job) {
    Map<String, String> ofJob = job.metadata().annotations();
    String wanted = ofJob.getOrDefault(BatchMarks.GANG, "false");
    if (wanted.equals("false") || meta.annotations().containsKey(BatchMarks.GANG)) {
      return meta;
    }
    Map<String, String> annotations = new LinkedHashMap<>(meta.annotations());
    annotations.put(BatchMarks.GANG, job.metadata().nameOr(""));
    annotations.putIfAbsent(BatchMarks.GANG_SIZE, Integer.toString(atOnce(job)));
    if (ofJob.containsKey(BatchMarks.GANG_TIMEOUT)) {
      annotations.putIfAbsent(BatchMarks.GANG_TIMEOUT, ofJob.get(BatchMarks.GANG_TIMEOUT));
    }
    return meta.withAnnotations(annotations);
  }

  /** How many pods run side by side from now on: towards its end a Job needs fewer. */
  private static int atOnce(Job job) {
    int parallelism = job.spec().parallelismOr(1);
    Integer completions = job.spec().completions();
    return completions == null
        ? parallelism
        : Math.max(1, Math.min(parallelism, completions - job.status().succeededOr(0)));
  }

  private static ObjectMeta queue(ObjectMeta meta, Job job) {
    String queue = job.metadata().labels().get(BatchMarks.QUEUE);
    if (queue == null || meta.labels().containsKey(BatchMarks.QUEUE)) {
      return meta;
    }
    Map<String, String> labels = new LinkedHashMap<>(meta.labels());
    labels.put(BatchMarks.QUEUE, queue);
    return meta.withLabels(labels);
  }
}
