package dev.kapell.apiserver.validation;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Locale;

/** Autoscalers and disruption budgets. */
final class ScalingLaws {
  private static final List<String> SOURCES =
      List.of("containerResource", "external", "object", "pods", "resource");

  private ScalingLaws() {}

  static void addTo(Laws laws) {
    laws.put("autoscaling.v2.HorizontalPodAutoscalerSpec", ScalingLaws::autoscaler);
    laws.put("autoscaling.v2.MetricSpec", ScalingLaws::metric);
    laws.put("autoscaling.v2.MetricTarget", ScalingLaws::target);
    laws.put("autoscaling.v2.HPAScalingRules", ScalingLaws::tolerance);
    laws.put("policy.v1.PodDisruptionBudgetSpec", ScalingLaws::budget);
  }

  private static void autoscaler(Obj spec, Errors errors) {
    long max = spec.number("maxReplicas", 0);
    if (max < 1) {
      errors.invalid(spec.at("maxReplicas"), max, "must be greater than 0");
    }
    if (spec.number("minReplicas", 1) > max) {
      errors.invalid(spec.at("maxReplicas"), max, "must be greater than or equal to `minReplicas`");
    }
    if (!spec.has("scaleTargetRef")) {
      errors.add(FieldError.required(spec.at("scaleTargetRef") + ".kind", ""));
      errors.add(FieldError.required(spec.at("scaleTargetRef") + ".name", ""));
    }
  }

  private static void metric(Obj metric, Errors errors) {
    String type = metric.text("type");
    if (type.isEmpty()) {
      return;
    }
    String own = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    for (String source : SOURCES) {
      if (source.equals(own) && !metric.has(source)) {
        errors.add(
            FieldError.required(
                metric.at(source), "must populate information for the given metric source"));
      } else if (!source.equals(own) && metric.has(source)) {
        errors.add(
            FieldError.forbidden(
                metric.at(source),
                "must populate the given metric source only when `type` is the matching one"));
      }
    }
    Obj target = metric.child(own).child("target");
    if (List.of("resource", "containerResource").contains(own) && !target.map().isEmpty()) {
      if (!target.has("averageUtilization") && !target.has("averageValue")) {
        errors.add(
            FieldError.required(
                target.at("averageUtilization"),
                "must set either a target raw value or a target utilization"));
      }
      if (target.has("averageUtilization") && target.has("averageValue")) {
        errors.add(
            FieldError.forbidden(
                target.at("averageValue"),
                "may not set both a target raw value and a target utilization"));
      }
    }
    if (own.equals("pods") && !target.has("averageValue")) {
      errors.add(
          FieldError.required(
              target.at("averageValue"), "must specify a positive target averageValue"));
    }
  }

  private static void tolerance(Obj rules, Errors errors) {
    String tolerance = rules.text("tolerance");
    if (!tolerance.isEmpty() && Quantity.parse(tolerance).signum() < 0) {
      errors.invalid(rules.at("tolerance"), tolerance, "must be greater than or equal to 0");
    }
  }

  private static void target(Obj target, Errors errors) {
    for (String field : List.of("value", "averageValue")) {
      String amount = target.text(field);
      if (!amount.isEmpty() && Quantity.parse(amount).signum() <= 0) {
        errors.invalid(target.at(field), amount, "must be positive");
      }
    }
  }

  private static void budget(Obj spec, Errors errors) {
    if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
      errors.invalid(spec.path(), spec.map(), "minAvailable and maxUnavailable cannot be both set");
    }
    for (String field : List.of("minAvailable", "maxUnavailable")) {
      if (spec.text(field).matches("0*[1-9][0-9]{2,}%") && !spec.text(field).matches("0*100%")) {
        errors.invalid(spec.at(field), spec.text(field), "must not be greater than 100%");
      }
    }
  }
}
