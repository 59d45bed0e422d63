package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.LinkedHashMap;

/** Workloads that make pods from a template. */
final class WorkloadDefaults {
  private WorkloadDefaults() {}

  static void replicationController(Obj controller) {
    Obj spec = controller.make("spec");
    spec.fill("replicas", 1L);
    spec.find("template").ifPresent(PodDefaults::template);
    var labels = spec.child("template").child("metadata").strings("labels");
    if (!labels.isEmpty()) {
      if (spec.strings("selector").isEmpty()) {
        spec.put("selector", new LinkedHashMap<String, Object>(labels));
      }
      Obj metadata = controller.make("metadata");
      if (metadata.strings("labels").isEmpty()) {
        metadata.put("labels", new LinkedHashMap<String, Object>(labels));
      }
    }
  }

  static void replicaSet(Obj set) {
    Obj spec = set.make("spec");
    spec.fill("replicas", 1L);
    PodDefaults.template(spec.make("template"));
  }

  static void deployment(Obj deployment) {
    Obj spec = deployment.make("spec");
    spec.fill("replicas", 1L)
        .fill("revisionHistoryLimit", 10L)
        .fill("progressDeadlineSeconds", 600L);
    Obj strategy = spec.make("strategy");
    strategy.fill("type", "RollingUpdate");
    if (strategy.text("type").equals("RollingUpdate")) {
      strategy.make("rollingUpdate").fill("maxUnavailable", "25%").fill("maxSurge", "25%");
    }
    PodDefaults.template(spec.make("template"));
  }

  static void statefulSet(Obj set) {
    Obj spec = set.make("spec");
    spec.fill("replicas", 1L)
        .fill("revisionHistoryLimit", 10L)
        .fill("podManagementPolicy", "OrderedReady");
    Obj strategy = spec.make("updateStrategy");
    strategy.fill("type", "RollingUpdate");
    if (strategy.text("type").equals("RollingUpdate")) {
      strategy.make("rollingUpdate").fill("partition", 0L);
    }
    spec.make("persistentVolumeClaimRetentionPolicy")
        .fill("whenDeleted", "Retain")
        .fill("whenScaled", "Retain");
    for (Obj claim : spec.items("volumeClaimTemplates")) {
      claim.fill("apiVersion", "v1").fill("kind", "PersistentVolumeClaim");
      StorageDefaults.claim(claim);
    }
    PodDefaults.template(spec.make("template"));
  }

  static void daemonSet(Obj set) {
    set.make("metadata").make("annotations").fill("deprecated.daemonset.template.generation", "0");
    Obj spec = set.make("spec");
    spec.fill("revisionHistoryLimit", 10L);
    Obj strategy = spec.make("updateStrategy");
    strategy.fill("type", "RollingUpdate");
    if (strategy.text("type").equals("RollingUpdate")) {
      strategy.make("rollingUpdate").fill("maxUnavailable", 1L).fill("maxSurge", 0L);
    }
    PodDefaults.template(spec.make("template"));
  }

  static void job(Obj job) {
    jobSpec(job.make("spec"));
    Obj labels = job.child("spec").child("template").child("metadata").child("labels");
    if (!labels.map().isEmpty() && job.child("metadata").strings("labels").isEmpty()) {
      job.make("metadata").put("labels", Trees.copy(labels.map()));
    }
  }

  static void cronJob(Obj cron) {
    Obj spec = cron.make("spec");
    spec.fill("concurrencyPolicy", "Allow")
        .fill("suspend", false)
        .fill("successfulJobsHistoryLimit", 3L)
        .fill("failedJobsHistoryLimit", 1L);
    Obj job = spec.make("jobTemplate").make("spec");
    failurePolicy(job);
    PodDefaults.template(job.make("template"));
  }

  private static void jobSpec(Obj spec) {
    if (!spec.has("completions") && !spec.has("parallelism")) {
      spec.put("completions", 1L);
    }
    spec.fill("parallelism", 1L)
        .fill("completionMode", "NonIndexed")
        .fill("suspend", false)
        .fill("manualSelector", false)
        .fill(
            "podReplacementPolicy",
            spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    boolean countsPerIndex = spec.has("backoffLimitPerIndex");
    spec.fill("backoffLimit", countsPerIndex ? (long) Integer.MAX_VALUE : 6L);
    failurePolicy(spec);
    PodDefaults.template(spec.make("template"));
  }

  private static void failurePolicy(Obj spec) {
    for (Obj rule : spec.child("podFailurePolicy").items("rules")) {
      rule.items("onPodConditions").forEach(condition -> condition.fill("status", "True"));
    }
  }
}
