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
    for (String field :
        List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished")) {
      errors.notNegative(spec, field);
    }
    errors.oneOf(spec, "completionMode", List.of("NonIndexed", "Indexed"));
    errors.oneOf(spec, "podReplacementPolicy", List.of("Failed", "TerminatingOrFailed"));
    if (spec.text("completionMode").equals("Indexed") && !spec.has("completions")) {
      errors.add(
          FieldError.required(
              spec.at("completions"), "when completion mode is Indexed, completions must be set"));
    }
    if (!spec.text("completionMode").equals("Indexed") && spec.has("backoffLimitPerIndex")) {
      errors.invalid(
          spec.at("backoffLimitPerIndex"),
          spec.get("backoffLimitPerIndex"),
          "requires indexed completion mode");
    }
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
    if (!spec.text("completionMode").equals("Indexed")) {
      errors.immutable(spec, before, "completions");
    }
    errors.immutable(spec, before, "selector");
    errors.immutable(spec, before, "completionMode");
    errors.immutable(spec, before, "podFailurePolicy");
    boolean startable = before.flag("suspend") && !old.child("status").has("startTime");
    if (!Trees.same(
        fixed(spec.child("template"), startable), fixed(before.child("template"), startable))) {
      errors.immutable(spec, before, "template");
    }
  }

  /** While a job is suspended, a queue may still direct where its pods go. */
  private static Map<String, Object> fixed(Obj template, boolean startable) {
    Map<String, Object> copy = Trees.copy(template.map());
    if (startable) {
      Obj.root(copy)
          .child("spec")
          .drop("nodeSelector")
          .drop("tolerations")
          .drop("affinity")
          .drop("schedulingGates");
      Obj.root(copy).child("metadata").drop("annotations").drop("labels");
      Obj.root(copy).child("spec").items("containers").forEach(c -> c.drop("resources"));
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
    PodRules.template(spec.child("jobTemplate").child("spec").child("template"), errors);
    Obj pod = spec.child("jobTemplate").child("spec").child("template").child("spec");
    restarts(pod, errors);
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
