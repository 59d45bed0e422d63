package dev.kapell.apiserver.validation;

import dev.kapell.api.cron.CronSchedule;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;

/** Jobs, now and on a schedule. */
final class BatchRules {
  private static final int CRON_NAME_LENGTH = 52;

  private BatchRules() {}

  static void addTo(Map<String, Rules> rows) {
    Rules job =
        (object, errors) -> {
          jobSpec(object.child("spec"), errors);
          selected(object.child("spec"), errors);
        };
    rows.put("jobs.batch", job.onChange(BatchRules::jobChange));
    rows.put("cronjobs.batch", BatchRules::cronJob);
  }

  private static void jobSpec(Obj spec, Errors errors) {
    Obj template = spec.child("template");
    PodRules.template(template, errors);
    Obj pod = template.child("spec");
    restarts(pod, errors);
  }

  private static void restarts(Obj pod, Errors errors) {
    if (!List.of("OnFailure", "Never").contains(pod.text("restartPolicy"))) {
      errors.add(
          FieldError.required(pod.at("restartPolicy"), "valid values: \"OnFailure\", \"Never\""));
    }
  }

  /** The server makes the selector of a job, or the user says that it is his own. */
  private static void selected(Obj spec, Errors errors) {
    if (!spec.has("selector")) {
      errors.add(FieldError.required(spec.at("selector"), ""));
    }
    Map<String, String> labels = spec.child("template").child("metadata").strings("labels");
    Map<String, String> wanted = spec.child("selector").strings("matchLabels");
    if (!spec.has("selector") || !LabelQuery.exactly(wanted).matches(labels)) {
      errors.invalid(
          spec.at("template.metadata.labels"),
          spec.child("template").child("metadata").get("labels"),
          "`selector` does not match template `labels`");
    }
  }

  private static void jobChange(Obj job, Obj old, Errors errors) {
    Obj spec = job.child("spec");
    Obj before = old.child("spec");
    completionsChange(spec, before, errors);
    for (String field :
        List.of(
            "selector",
            "completionMode",
            "podFailurePolicy",
            "backoffLimitPerIndex",
            "managedBy",
            "successPolicy")) {
      errors.immutable(spec, before, field);
    }
    boolean startable = before.flag("suspend") && isAtRest(old.child("status"));
    if (!Trees.same(
        fixed(spec.child("template"), startable), fixed(before.child("template"), startable))) {
      errors.immutable(spec, before, "template");
    }
  }

  /** An indexed job whose pods all run side by side may get larger or smaller as a whole. */
  private static void completionsChange(Obj spec, Obj before, Errors errors) {
    if (spec.text("completionMode").equals("Indexed")
        && spec.has("completions")
        && before.has("completions")
        && spec.has("parallelism")) {
      if (!Trees.same(spec.get("completions"), before.get("completions"))
          && spec.number("completions", 0) != spec.number("parallelism", 0)) {
        errors.invalid(
            spec.at("completions"),
            spec.get("completions"),
            "can only be modified in tandem with spec.parallelism");
      }
      return;
    }
    errors.immutable(spec, before, "completions");
  }

  /** It has never run, or it is suspended again and no pod of it runs. */
  private static boolean isAtRest(Obj status) {
    return !status.has("startTime")
        || (status.number("active", 0) == 0
            && status.items("conditions").stream()
                .anyMatch(c -> c.text("type").equals("Suspended") && isTrue(c)));
  }

  private static boolean isTrue(Obj condition) {
    return condition.text("status").equals("True");
  }

  /** While a job is at rest, a queue may still direct where its pods go and what they ask for. */
  private static Map<String, Object> fixed(Obj template, boolean startable) {
    Map<String, Object> copy = Trees.copy(template.map());
    if (startable) {
      Obj pod = Obj.root(copy).child("spec");
      pod.drop("nodeSelector").drop("tolerations").drop("schedulingGates");
      if (pod.child("affinity").drop("nodeAffinity").map().isEmpty()) {
        pod.drop("affinity");
      }
      Obj.root(copy).child("metadata").drop("annotations").drop("labels");
      for (String containers : List.of("containers", "initContainers")) {
        pod.items(containers).forEach(container -> container.drop("resources"));
      }
    }
    return copy;
  }

  private static void cronJob(Obj cron, Errors errors) {
    Obj spec = cron.child("spec");
    String name = cron.child("metadata").text("name");
    if (name.length() > CRON_NAME_LENGTH) {
      errors.invalid("metadata.name", name, "must be no more than 52 characters");
    }
    if (errors.require(spec, "schedule")) {
      schedule(spec, errors);
    }
    timeZone(spec, errors);
    errors.oneOf(spec, "concurrencyPolicy", List.of("Allow", "Forbid", "Replace"));
    errors.notNegative(spec, "startingDeadlineSeconds");
    errors.notNegative(spec, "successfulJobsHistoryLimit");
    errors.notNegative(spec, "failedJobsHistoryLimit");
    Obj job = spec.child("jobTemplate").child("spec");
    jobSpec(job, errors);
    if (job.has("selector")) {
      errors.invalid(job.at("selector"), job.get("selector"), "`selector` will be auto-generated");
    }
    if (job.flag("manualSelector")) {
      errors.add(FieldError.notSupported(job.at("manualSelector"), true, List.of("nil", "false")));
    }
  }

  private static void schedule(Obj spec, Errors errors) {
    String schedule = spec.text("schedule");
    if (schedule.contains("TZ")) {
      errors.invalid(
          spec.at("schedule"),
          schedule,
          "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
      return;
    }
    try {
      CronSchedule.parse(schedule, "");
    } catch (IllegalArgumentException e) {
      errors.invalid(spec.at("schedule"), schedule, String.valueOf(e.getMessage()));
    }
  }

  private static void timeZone(Obj spec, Errors errors) {
    if (!spec.has("timeZone")) {
      return;
    }
    String zone = spec.text("timeZone");
    if (zone.isEmpty()) {
      errors.invalid(spec.at("timeZone"), zone, "timeZone must be nil or non-empty string");
      return;
    }
    if (zone.equalsIgnoreCase("Local")) {
      errors.invalid(
          spec.at("timeZone"),
          zone,
          "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
      return;
    }
    try {
      CronSchedule.zoneOf(zone);
    } catch (CronSchedule.UnknownZone e) {
      errors.invalid(spec.at("timeZone"), zone, String.valueOf(e.getMessage()));
    }
  }
}
