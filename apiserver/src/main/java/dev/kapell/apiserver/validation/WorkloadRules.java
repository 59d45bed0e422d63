package dev.kapell.apiserver.validation;

import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Workloads that keep pods running. */
final class WorkloadRules {
  private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");
  private static final Words DEPLOYMENT = new Words("deployment", "ReplicaSet", true);

  private WorkloadRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put(
        "deployments.apps",
        rules(DEPLOYMENT, WorkloadRules::deployment).onChange(WorkloadRules::selector));
    rows.put(
        "replicasets.apps",
        rules(DEPLOYMENT, (spec, errors) -> {}).onChange(WorkloadRules::selector));
    rows.put(
        "daemonsets.apps",
        rules(new Words("daemonset", "DaemonSet", false), WorkloadRules::daemonSet)
            .onChange(WorkloadRules::selector));
    rows.put(
        "statefulsets.apps",
        rules(new Words("statefulset", "StatefulSet", true), WorkloadRules::statefulSet)
            .onChange(WorkloadRules::statefulSetChange));
    Rules controller = WorkloadRules::replicationController;
    rows.put("replicationcontrollers", controller);
  }

  /**
   * How messages name a kind.
   *
   * @param selector when its selector is empty
   * @param deadline when its pods have a deadline
   * @param needsSelector whether a missing selector is named, besides the labels that it misses
   */
  private record Words(String selector, String deadline, boolean needsSelector) {}

  private interface SpecRules {
    void check(Obj spec, Errors errors);
  }

  private static Rules rules(Words words, SpecRules own) {
    return (object, errors) -> {
      Obj spec = object.child("spec");
      errors.notNegative(spec, "replicas");
      errors.notNegative(spec, "minReadySeconds");
      errors.notNegative(spec, "revisionHistoryLimit");
      if (selected(spec, words, errors)) {
        template(spec, words, errors);
      }
      own.check(spec, errors);
    };
  }

  /** Whether the selector makes sense; only then the template is looked at. */
  private static boolean selected(Obj spec, Words words, Errors errors) {
    Obj metadata = spec.child("template").child("metadata");
    if (!spec.has("selector")) {
      if (words.needsSelector()) {
        errors.add(FieldError.required("spec.selector", ""));
      }
      mismatch(metadata, errors);
      return true;
    }
    Obj selector = spec.child("selector");
    if (selector.strings("matchLabels").isEmpty() && selector.items("matchExpressions").isEmpty()) {
      errors.invalid(
          "spec.selector", selector.map(), "empty selector is invalid for " + words.selector());
      return true;
    }
    boolean readable =
        selector.items("matchExpressions").stream()
            .allMatch(requirement -> OPERATORS.contains(requirement.text("operator")));
    if (!readable) {
      errors.invalid("spec.selector", selector.map(), "invalid label selector");
      return false;
    }
    if (!LabelQuery.exactly(selector.strings("matchLabels")).matches(metadata.strings("labels"))) {
      mismatch(metadata, errors);
    }
    return true;
  }

  private static void mismatch(Obj metadata, Errors errors) {
    errors.invalid(
        "spec.template.metadata.labels",
        metadata.get("labels"),
        "`selector` does not match template `labels`");
  }

  private static void template(Obj spec, Words words, Errors errors) {
    Obj template = spec.child("template");
    PodRules.template(template, claims(spec), errors);
    Obj pod = template.child("spec");
    errors.oneOf(pod, "restartPolicy", List.of("Always"));
    errors.forbid(
        pod,
        "activeDeadlineSeconds",
        "activeDeadlineSeconds in " + words.deadline() + " is not Supported");
  }

  /** The volumes that each pod of a StatefulSet gets besides those of its template. */
  private static Set<String> claims(Obj spec) {
    return spec.items("volumeClaimTemplates").stream()
        .map(claim -> claim.child("metadata").text("name"))
        .collect(Collectors.toSet());
  }

  /** Kubernetes shows all of a strategy whose type it does not know. */
  private static boolean isKnown(Obj strategy, List<String> types, Errors errors) {
    boolean known = !strategy.has("type") || types.contains(strategy.text("type"));
    if (!known) {
      errors.add(FieldError.notSupported(strategy.path(), strategy.map(), types));
    }
    return known;
  }

  private static void deployment(Obj spec, Errors errors) {
    errors.notNegative(spec, "progressDeadlineSeconds");
    Obj strategy = spec.child("strategy");
    if (strategy.text("type").equals("Recreate")) {
      errors.forbid(
          strategy, "rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
    } else if (isKnown(strategy, List.of("Recreate", "RollingUpdate"), errors)) {
      rolling(strategy.child("rollingUpdate"), errors);
    }
    if (spec.has("progressDeadlineSeconds")
        && spec.number("progressDeadlineSeconds", 0) <= spec.number("minReadySeconds", 0)) {
      errors.invalid(
          "spec.progressDeadlineSeconds",
          spec.get("progressDeadlineSeconds"),
          "must be greater than minReadySeconds");
    }
  }

  private static void atMostAll(Obj rolling, String field, Errors errors) {
    if (rolling.get(field) instanceof String percent
        && percent.matches("0*[1-9]\\d{2,}%")
        && !percent.matches("0*100%")) {
      errors.invalid(rolling.at(field), percent, "must not be greater than 100%");
    }
  }

  private static void rolling(Obj rolling, Errors errors) {
    errors.countOrPercent(rolling, "maxUnavailable");
    errors.countOrPercent(rolling, "maxSurge");
    atMostAll(rolling, "maxUnavailable", errors);
    if (isZero(rolling.get("maxUnavailable")) && isZero(rolling.get("maxSurge"))) {
      errors.invalid(
          rolling.at("maxUnavailable"),
          rolling.get("maxUnavailable"),
          "may not be 0 when `maxSurge` is 0");
    }
  }

  private static boolean isZero(@Nullable Object value) {
    return value == null
        || (value instanceof Number number && number.longValue() == 0)
        || "0%".equals(value);
  }

  private static void daemonSet(Obj spec, Errors errors) {
    Obj strategy = spec.child("updateStrategy");
    if (!isKnown(strategy, List.of("RollingUpdate", "OnDelete"), errors)
        || !strategy.text("type").equals("RollingUpdate")) {
      return;
    }
    Obj rolling = strategy.child("rollingUpdate");
    for (String field : List.of("maxUnavailable", "maxSurge")) {
      errors.countOrPercent(rolling, field);
      atMostAll(rolling, field, errors);
    }
    boolean less = !isZero(rolling.get("maxUnavailable"));
    boolean more = !isZero(rolling.get("maxSurge"));
    if (less && more) {
      errors.invalid(
          rolling.at("maxSurge"),
          rolling.get("maxSurge"),
          "may not be set when maxUnavailable is non-zero");
    } else if (!less && !more) {
      errors.add(
          FieldError.required(rolling.at("maxUnavailable"), "cannot be 0 when maxSurge is 0"));
    }
  }

  private static void statefulSet(Obj spec, Errors errors) {
    String management = spec.text("podManagementPolicy");
    if (!List.of("", "OrderedReady", "Parallel").contains(management)) {
      errors.invalid(
          "spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'");
    }
    Obj strategy = spec.child("updateStrategy");
    switch (strategy.text("type")) {
      case "", "RollingUpdate" -> ordinals(strategy.child("rollingUpdate"), errors);
      case "OnDelete" -> {
        if (strategy.has("rollingUpdate")) {
          errors.invalid(
              strategy.at("rollingUpdate"),
              strategy.get("rollingUpdate"),
              "only allowed for updateStrategy 'RollingUpdate'");
        }
      }
      default ->
          errors.invalid(strategy.path(), strategy.map(), "must be 'RollingUpdate' or 'OnDelete'");
    }
  }

  private static void ordinals(Obj rolling, Errors errors) {
    errors.notNegative(rolling, "partition");
    errors.countOrPercent(rolling, "maxUnavailable");
    atMostAll(rolling, "maxUnavailable", errors);
    if (rolling.has("maxUnavailable") && isZero(rolling.get("maxUnavailable"))) {
      errors.invalid(rolling.at("maxUnavailable"), rolling.get("maxUnavailable"), "cannot be 0");
    }
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
        mismatch(spec.child("template").child("metadata"), errors);
      }
    }
    if (spec.has("template")) {
      template(spec, new Words("", "ReplicationController", true), errors);
    } else {
      errors.add(FieldError.required("spec.template", ""));
    }
  }
}
