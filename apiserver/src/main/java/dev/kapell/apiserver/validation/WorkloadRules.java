package dev.kapell.apiserver.validation;

import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;

/** Workloads that keep pods running. */
final class WorkloadRules {
  private WorkloadRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put(
        "deployments.apps", rules(WorkloadRules::deployment).onChange(WorkloadRules::selector));
    rows.put("replicasets.apps", rules((spec, errors) -> {}).onChange(WorkloadRules::selector));
    rows.put("daemonsets.apps", rules(WorkloadRules::daemonSet).onChange(WorkloadRules::selector));
    rows.put(
        "statefulsets.apps",
        rules(WorkloadRules::statefulSet).onChange(WorkloadRules::statefulSetChange));
    Rules controller = WorkloadRules::replicationController;
    rows.put("replicationcontrollers", controller);
  }

  private interface SpecRules {
    void check(Obj spec, Errors errors);
  }

  private static Rules rules(SpecRules own) {
    return (object, errors) -> {
      Obj spec = object.child("spec");
      errors.notNegative(spec, "replicas");
      errors.notNegative(spec, "minReadySeconds");
      errors.notNegative(spec, "revisionHistoryLimit");
      selected(spec, errors);
      template(spec, errors);
      own.check(spec, errors);
    };
  }

  private static void selected(Obj spec, Errors errors) {
    if (!spec.has("selector")) {
      errors.add(FieldError.required("spec.selector", ""));
      mismatch(spec.child("template").child("metadata").strings("labels"), errors);
      return;
    }
    Obj selector = spec.child("selector");
    if (selector.strings("matchLabels").isEmpty() && selector.items("matchExpressions").isEmpty()) {
      errors.invalid("spec.selector", selector.map(), "empty selector is invalid for deployment");
      return;
    }
    Map<String, String> labels = spec.child("template").child("metadata").strings("labels");
    if (!LabelQuery.exactly(selector.strings("matchLabels")).matches(labels)) {
      mismatch(labels, errors);
    }
  }

  private static void mismatch(Map<String, String> labels, Errors errors) {
    errors.invalid(
        "spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
  }

  private static void template(Obj spec, Errors errors) {
    Obj template = spec.child("template");
    PodRules.template(template, errors);
    Obj pod = template.child("spec");
    errors.oneOf(pod, "restartPolicy", List.of("Always"));
    errors.forbid(
        pod, "activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
  }

  private static void deployment(Obj spec, Errors errors) {
    errors.notNegative(spec, "progressDeadlineSeconds");
    Obj strategy = spec.child("strategy");
    errors.oneOf(strategy, "type", List.of("Recreate", "RollingUpdate"));
    if (strategy.text("type").equals("Recreate")) {
      errors.forbid(
          strategy, "rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
    }
    rolling(strategy, errors);
    if (spec.has("progressDeadlineSeconds")
        && spec.number("progressDeadlineSeconds", 0) <= spec.number("minReadySeconds", 0)) {
      errors.invalid(
          "spec.progressDeadlineSeconds",
          spec.get("progressDeadlineSeconds"),
          "must be greater than minReadySeconds");
    }
  }

  private static void rolling(Obj strategy, Errors errors) {
    Obj rolling = strategy.child("rollingUpdate");
    errors.countOrPercent(rolling, "maxUnavailable");
    errors.countOrPercent(rolling, "maxSurge");
    if (rolling.get("maxUnavailable") instanceof String percent
        && percent.matches("0*[1-9]\\d{2,}%")
        && !percent.matches("0*100%")) {
      errors.invalid(rolling.at("maxUnavailable"), percent, "must not be greater than 100%");
    }
    if (isZero(rolling.get("maxUnavailable")) && isZero(rolling.get("maxSurge"))) {
      errors.invalid(
          rolling.at("maxUnavailable"),
          rolling.get("maxUnavailable"),
          "may not be 0 when `maxSurge` is 0");
    }
  }

  private static boolean isZero(@org.jspecify.annotations.Nullable Object value) {
    return (value instanceof Number number && number.longValue() == 0) || "0%".equals(value);
  }

  private static void daemonSet(Obj spec, Errors errors) {
    Obj strategy = spec.child("updateStrategy");
    errors.oneOf(strategy, "type", List.of("OnDelete", "RollingUpdate"));
    rolling(strategy, errors);
  }

  private static void statefulSet(Obj spec, Errors errors) {
    errors.oneOf(spec, "podManagementPolicy", List.of("OrderedReady", "Parallel"));
    Obj strategy = spec.child("updateStrategy");
    errors.oneOf(strategy, "type", List.of("OnDelete", "RollingUpdate"));
    errors.notNegative(strategy.child("rollingUpdate"), "partition");
  }

  private static void selector(Obj object, Obj old, Errors errors) {
    errors.immutable(object.child("spec"), old.child("spec"), "selector");
  }

  private static void statefulSetChange(Obj set, Obj old, Errors errors) {
    Obj spec = set.child("spec");
    Obj before = old.child("spec");
    for (String field :
        List.of("selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates")) {
      if (!dev.kapell.apiserver.tree.Trees.same(spec.get(field), before.get(field))) {
        errors.add(
            FieldError.forbidden(
                "spec",
                "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                    + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
                    + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are"
                    + " forbidden"));
        return;
      }
    }
  }

  private static void replicationController(Obj controller, Errors errors) {
    Obj spec = controller.child("spec");
    errors.notNegative(spec, "replicas");
    errors.notNegative(spec, "minReadySeconds");
    if (spec.strings("selector").isEmpty()) {
      errors.add(FieldError.required("spec.selector", ""));
    } else {
      Map<String, String> labels = spec.child("template").child("metadata").strings("labels");
      if (!labels.entrySet().containsAll(spec.strings("selector").entrySet())) {
        mismatch(labels, errors);
      }
    }
    template(spec, errors);
  }
}
