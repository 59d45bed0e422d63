package dev.kapell.controllers.job;

import dev.kapell.api.Types;
import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.control.loop.Change;
import dev.kapell.control.match.BatchMarks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a Job passes on to its pods for the scheduler: that they are a gang, and their queue. What
 * the template says itself counts. Pure.
 */
final class Batch {
  private Batch() {}

  /**
   * {@code meta} of a pod of {@code job} with the marks.
   *
   * @param atOnce how many pods run side by side from now on: towards its end a Job needs fewer
   */
  static ObjectMeta mark(ObjectMeta meta, Job job, int atOnce) {
    return queue(gang(meta, job, atOnce), job);
  }

  private static boolean isGang(Job job) {
    return !job.metadata().annotations().getOrDefault(BatchMarks.GANG, "false").equals("false");
  }

  private static ObjectMeta gang(ObjectMeta meta, Job job, int atOnce) {
    Map<String, String> ofJob = job.metadata().annotations();
    if (!isGang(job) || meta.annotations().containsKey(BatchMarks.GANG)) {
      return meta;
    }
    Map<String, String> annotations = new LinkedHashMap<>(meta.annotations());
    annotations.put(BatchMarks.GANG, job.metadata().nameOr(""));
    annotations.putIfAbsent(BatchMarks.GANG_SIZE, Integer.toString(atOnce));
    if (ofJob.containsKey(BatchMarks.GANG_TIMEOUT)) {
      annotations.putIfAbsent(BatchMarks.GANG_TIMEOUT, ofJob.get(BatchMarks.GANG_TIMEOUT));
    }
    return meta.withAnnotations(annotations);
  }

  /**
   * Tells a pod that still waits for its node how large its gang is now, as a new one would be
   * told; empty when it knows.
   */
  static Optional<Change> resize(Pod waiting, Job job, int atOnce) {
    ObjectMeta meta = waiting.metadata();
    ObjectMeta template = job.spec().template().metadata();
    ObjectMeta fresh = gang(template == null ? ObjectMeta.EMPTY : template, job, atOnce);
    String size = fresh.annotations().get(BatchMarks.GANG_SIZE);
    if (!isGang(job) || size == null || size.equals(meta.annotations().get(BatchMarks.GANG_SIZE))) {
      return Optional.empty();
    }
    Map<String, String> annotations = new LinkedHashMap<>(meta.annotations());
    annotations.put(BatchMarks.GANG_SIZE, size);
    return Optional.of(
        Change.update(
            Types.POD,
            waiting,
            waiting.withMetadata(meta.withAnnotations(annotations)),
            "its gang has another size"));
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
