package dev.kapell.apiserver.validation;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Quotas and limit ranges. */
final class QuotaLaws {
  private static final Set<String> COUNTED =
      Set.of(
          "configmaps",
          "persistentvolumeclaims",
          "pods",
          "replicationcontrollers",
          "resourcequotas",
          "secrets",
          "services",
          "services.loadbalancers",
          "services.nodeports");
  private static final Set<String> AMOUNTS =
      Set.of(
          "cpu",
          "ephemeral-storage",
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory",
          "requests.storage");
  private static final List<String> SCOPES =
      List.of(
          "BestEffort",
          "CrossNamespacePodAffinity",
          "NotBestEffort",
          "NotTerminating",
          "PriorityClass",
          "Terminating",
          "VolumeAttributesClass");

  private static final String ONLY_EXISTS =
      "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating,"
          + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
          + " ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

  private QuotaLaws() {}

  static void addTo(Laws laws) {
    laws.put("core.v1.ResourceQuotaSpec", QuotaLaws::quota);
    laws.put("core.v1.ScopedResourceSelectorRequirement", QuotaLaws::scope);
    laws.put("core.v1.LimitRangeSpec", QuotaLaws::limits);
    laws.put("core.v1.LimitRangeItem", QuotaLaws::limit);
  }

  /** What can be counted or measured of the pods that have a scope. */
  private static final Set<String> OF_PODS =
      Set.of(
          "cpu",
          "limits.cpu",
          "limits.memory",
          "memory",
          "pods",
          "requests.cpu",
          "requests.memory");

  /** Scopes that a pod has or has not. */
  private static final Set<String> WITHOUT_VALUES =
      Set.of(
          "BestEffort",
          "CrossNamespacePodAffinity",
          "NotBestEffort",
          "NotTerminating",
          "Terminating");

  /** Whether {@code scope} says anything of the standard resource {@code name}. */
  private static boolean applies(String scope, String name) {
    return switch (scope) {
      case "BestEffort" -> name.equals("pods");
      case "VolumeAttributesClass" ->
          name.equals("persistentvolumeclaims") || name.equals("requests.storage");
      default -> OF_PODS.contains(name);
    };
  }

  private static boolean isIdle(String scope, Obj spec) {
    return spec.child("hard").map().keySet().stream()
        .anyMatch(
            name -> (COUNTED.contains(name) || AMOUNTS.contains(name)) && !applies(scope, name));
  }

  private static void quota(Obj spec, Errors errors) {
    spec.strings("hard")
        .forEach((name, amount) -> hard(spec.key("hard", name), name, amount, errors));
    selected(spec, errors);
    Set<String> scopes = new HashSet<>(spec.texts("scopes"));
    for (String scope : scopes) {
      if (!SCOPES.contains(scope)) {
        errors.invalid(spec.at("scopes"), spec.get("scopes"), "unsupported scope");
      } else if (isIdle(scope, spec)) {
        errors.invalid(
            spec.at("scopes"), spec.get("scopes"), "unsupported scope applied to resource");
      }
    }
    for (List<String> pair :
        List.of(List.of("BestEffort", "NotBestEffort"), List.of("Terminating", "NotTerminating"))) {
      if (scopes.containsAll(pair)) {
        errors.invalid(spec.at("scopes"), spec.get("scopes"), "conflicting scopes");
      }
    }
  }

  private static void selected(Obj spec, Errors errors) {
    Obj selector = spec.child("scopeSelector");
    for (Obj each : selector.items("matchExpressions")) {
      String scope = each.text("scopeName");
      if (SCOPES.contains(scope) && isIdle(scope, spec)) {
        errors.invalid(
            selector.at("matchExpressions"),
            selector.map(),
            "unsupported scope applied to resource");
      }
      if (WITHOUT_VALUES.contains(scope) && !each.text("operator").equals("Exists")) {
        errors.invalid(each.at("operator"), each.text("operator"), ONLY_EXISTS);
      }
    }
  }

  private static void hard(String path, String name, String amount, Errors errors) {
    errors.format(path, name, Format.QUALIFIED_NAME);
    boolean extended = name.contains("/");
    boolean huge = name.startsWith("hugepages-") || name.startsWith("requests.hugepages-");
    if (!extended
        && !huge
        && !COUNTED.contains(name)
        && !AMOUNTS.contains(name)
        && !name.contains(".storageclass.storage.k8s.io")) {
      errors.invalid(path, name, "must be a standard resource type or fully qualified");
      errors.invalid(path, name, "must be a standard resource for quota");
    }
    Quantity quantity = Quantity.parse(amount);
    if (quantity.signum() < 0) {
      errors.invalid(path, amount, "must be greater than or equal to 0");
    }
    boolean whole = COUNTED.contains(name) || name.startsWith("count/");
    if (whole && quantity.milliValue() % 1000 != 0) {
      errors.invalid(path, amount, "must be an integer");
    }
  }

  private static void scope(Obj requirement, Errors errors) {
    String name = requirement.text("scopeName");
    if (!SCOPES.contains(name)) {
      errors.invalid(requirement.at("scopeName"), name, "unsupported scope");
    }
    boolean none = requirement.values("values").isEmpty();
    switch (requirement.text("operator")) {
      case "In", "NotIn" -> {
        if (none) {
          errors.add(
              FieldError.required(
                  requirement.at("values"),
                  "must be at least one value when `operator` is 'In' or 'NotIn' for scope"
                      + " selector"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!none) {
          errors.invalid(
              requirement.at("values"),
              requirement.get("values"),
              "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
        }
      }
      default ->
          errors.invalid(
              requirement.at("operator"),
              requirement.text("operator"),
              "not a valid selector operator");
    }
  }

  private static void limits(Obj spec, Errors errors) {
    Set<String> types = new HashSet<>();
    for (Obj limit : spec.items("limits")) {
      if (!types.add(limit.text("type"))) {
        errors.add(FieldError.duplicate(limit.at("type"), limit.text("type")));
      }
    }
  }

  private static void limit(Obj limit, Errors errors) {
    String type = limit.text("type");
    errors.format(limit.at("type"), type, Format.QUALIFIED_NAME);
    if (Format.QUALIFIED_NAME.problem(type).isEmpty()
        && !type.contains("/")
        && !List.of("Container", "PersistentVolumeClaim", "Pod").contains(type)) {
      errors.invalid(limit.at("type"), type, "must be a standard limit type or fully qualified");
    }
    if (type.equals("Pod")) {
      for (String field : List.of("default", "defaultRequest")) {
        errors.forbid(limit, field, "may not be specified when `type` is 'Pod'");
      }
    }
    if (type.equals("PersistentVolumeClaim")
        && !limit.child("min").has("storage")
        && !limit.child("max").has("storage")) {
      errors.add(
          FieldError.required(
              limit.path(),
              "either minimum or maximum storage value is required, but neither was provided"));
    }
    order(limit, "min", "min", "max", "max", errors);
    order(limit, "min", "min", "defaultRequest", "default request", errors);
    order(limit, "min", "min", "default", "default", errors);
    order(limit, "defaultRequest", "default request", "max", "max", errors);
    order(limit, "defaultRequest", "default request", "default", "default limit", errors);
    order(limit, "default", "default", "max", "max", errors);
    limit
        .strings("maxLimitRequestRatio")
        .forEach(
            (name, ratio) -> {
              if (Quantity.parse(ratio).compareTo(Quantity.parse("1")) < 0) {
                errors.invalid(
                    limit.key("maxLimitRequestRatio", name),
                    ratio,
                    "ratio " + ratio + " is less than 1");
              }
            });
  }

  private static void order(
      Obj limit, String low, String lowName, String high, String highName, Errors errors) {
    Map<String, String> most = limit.strings(high);
    limit
        .strings(low)
        .forEach(
            (name, least) -> {
              String bound = most.get(name);
              if (bound != null && Quantity.parse(least).compareTo(Quantity.parse(bound)) > 0) {
                boolean byMin = low.equals("min");
                errors.invalid(
                    limit.key(byMin && !high.equals("max") ? high : low, name),
                    high.equals("defaultRequest") ? bound : least,
                    "%s value %s is greater than %s value %s"
                        .formatted(lowName, least, highName, bound));
              }
            });
  }
}
