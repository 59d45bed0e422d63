package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Pods and pod templates. */
final class PodRules {
  private static final String ONLY =
      "pod updates may not change fields other than `spec.containers[*].image`,"
          + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
          + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to"
          + " be set to 1 if it was previously negative)";
  private static final List<String> EFFECTS =
      List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  private PodRules() {}

  static void addTo(Map<String, Rules> rows) {
    Rules pod =
        (object, errors) -> {
          spec(object.child("spec"), errors);
          tokens(object.child("spec"), errors);
          ContainerRules.images(object.child("spec"), errors);
        };
    rows.put(
        "pods",
        PodPartRules.addTo(pod.onChange(PodRules::podChange)).onCreate(PodPartRules::newPod));
    rows.put("podtemplates", (object, errors) -> template(object.child("template"), errors));
  }

  private static void tokens(Obj spec, Errors errors) {
    if (!spec.text("serviceAccountName").isEmpty()) {
      return;
    }
    for (Obj volume : spec.items("volumes")) {
      for (Obj source : volume.child("projected").items("sources")) {
        errors.forbid(
            source,
            "serviceAccountToken",
            "must not be specified when serviceAccountName is not set");
      }
    }
  }

  static void template(Obj template, Errors errors) {
    template(template, Set.of(), errors);
  }

  /** {@code more} volumes than the template names can be mounted. */
  static void template(Obj template, Set<String> more, Errors errors) {
    // Kubernetes leaves the metadata out of the path.
    errors.labels(Obj.at(template.child("metadata").map(), template.path()), "labels");
    spec(template.child("spec"), more, errors);
    if (!template.child("spec").values("ephemeralContainers").isEmpty()) {
      errors.forbid(
          template.child("spec"),
          "ephemeralContainers",
          "ephemeral containers not allowed in pod template");
    }
  }

  static void spec(Obj spec, Errors errors) {
    spec(spec, Set.of(), errors);
  }

  private static void spec(Obj spec, Set<String> more, Errors errors) {
    errors.oneOf(spec, "restartPolicy", List.of("Always", "OnFailure", "Never"));
    errors.oneOf(
        spec, "dnsPolicy", List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"));
    errors.positive(spec, "activeDeadlineSeconds");
    errors.format(spec, "nodeName", Format.SUBDOMAIN);
    errors.format(spec, "serviceAccountName", Format.SUBDOMAIN);
    errors.format(spec, "hostname", Format.LABEL);
    errors.format(spec, "subdomain", Format.LABEL);
    errors.labels(spec, "nodeSelector");
    Set<String> volumes = new HashSet<>(VolumeRules.check(spec, errors));
    volumes.addAll(more);
    if (spec.values("containers").isEmpty()) {
      errors.add(FieldError.required(spec.at("containers"), ""));
    }
    ContainerRules.check(spec, volumes, errors);
    tolerations(spec, errors);
    affinity(spec.child("affinity"), errors);
    for (Obj constraint : spec.items("topologySpreadConstraints")) {
      if (constraint.number("maxSkew", 1) < 1) {
        errors.invalid(
            constraint.at("maxSkew"), constraint.get("maxSkew"), "must be greater than zero");
      }
      errors.require(constraint, "topologyKey");
      errors.requireOneOf(
          constraint, "whenUnsatisfiable", List.of("DoNotSchedule", "ScheduleAnyway"));
    }
    if (spec.text("dnsPolicy").equals("None")
        && spec.child("dnsConfig").values("nameservers").isEmpty()) {
      errors.add(
          FieldError.required(
              spec.at("dnsConfig") + ".nameservers",
              "must provide at least one DNS nameserver when `dnsPolicy` is None"));
    }
    atMost(spec.child("dnsConfig"), "nameservers", 3, "nameservers", errors);
    atMost(spec.child("dnsConfig"), "searches", 32, "search paths", errors);
    for (Obj sysctl : spec.child("securityContext").items("sysctls")) {
      if (!sysctl
          .text("name")
          .matches(
              "[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?)*")) {
        errors.invalid(
            sysctl.at("name"),
            sysctl.get("name"),
            "must have at most 253 characters and match regex"
                + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
      }
    }
  }

  private static void atMost(Obj dns, String field, int most, String things, Errors errors) {
    if (dns.values(field).size() > most) {
      errors.invalid(
          dns.at(field), dns.get(field), "must not have more than " + most + " " + things);
    }
  }

  private static void tolerations(Obj spec, Errors errors) {
    for (Obj toleration : spec.items("tolerations")) {
      errors.oneOf(toleration, "operator", List.of("Equal", "Exists", "Lt", "Gt"));
      if (!toleration.text("effect").isEmpty()) {
        errors.oneOf(toleration, "effect", EFFECTS);
      }
      if (toleration.text("key").isEmpty() && !toleration.text("operator").equals("Exists")) {
        errors.invalid(
            toleration.at("operator"),
            toleration.text("operator"),
            "operator must be Exists when `key` is empty, which means \"match all values and all"
                + " keys\"");
      }
      if (toleration.text("operator").equals("Exists") && !toleration.text("value").isEmpty()) {
        errors.invalid(
            toleration.at("operator"),
            toleration.text("value"),
            "value must be empty when `operator` is 'Exists'");
      }
      if (toleration.has("tolerationSeconds") && !toleration.text("effect").equals("NoExecute")) {
        errors.invalid(
            toleration.at("effect"),
            toleration.text("effect"),
            "effect must be 'NoExecute' when `tolerationSeconds` is set");
      }
    }
  }

  private static void affinity(Obj affinity, Errors errors) {
    Obj required =
        affinity.child("nodeAffinity").child("requiredDuringSchedulingIgnoredDuringExecution");
    if (affinity.child("nodeAffinity").has("requiredDuringSchedulingIgnoredDuringExecution")
        && required.values("nodeSelectorTerms").isEmpty()) {
      errors.add(
          FieldError.required(
              required.at("nodeSelectorTerms"), "must have at least one node selector term"));
    }
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      for (Obj term :
          affinity.child(kind).items("requiredDuringSchedulingIgnoredDuringExecution")) {
        if (term.text("topologyKey").isEmpty()) {
          errors.add(FieldError.required(term.at("topologyKey"), "can not be empty"));
        }
      }
    }
  }

  private static void podChange(Obj pod, Obj old, Errors errors) {
    Obj spec = pod.child("spec");
    Obj before = old.child("spec");
    for (String list : List.of("containers", "initContainers")) {
      if (spec.values(list).size() != before.values(list).size()) {
        errors.add(
            FieldError.forbidden(spec.at(list), "pod updates may not add or remove containers"));
        return;
      }
    }
    if (!Trees.same(fixed(spec, before), fixed(before, before))) {
      errors.add(FieldError.forbidden("spec", ONLY));
    }
    GateRules.change(spec, before, errors);
    if (!tolerationsOf(spec).containsAll(tolerationsOf(before))) {
      errors.add(
          FieldError.forbidden(
              "spec.tolerations",
              "existing toleration can not be modified except its tolerationSeconds"));
    }
    activeDeadline(spec, before, errors);
  }

  private static void activeDeadline(Obj spec, Obj before, Errors errors) {
    if (!before.has("activeDeadlineSeconds")) {
      return;
    }
    long was = before.number("activeDeadlineSeconds", 0);
    if (!spec.has("activeDeadlineSeconds")) {
      errors.invalid(
          "spec.activeDeadlineSeconds",
          null,
          "must not update from a positive integer to nil value");
    } else if (spec.number("activeDeadlineSeconds", 0) > was) {
      errors.invalid(
          "spec.activeDeadlineSeconds",
          spec.get("activeDeadlineSeconds"),
          "must be less than or equal to previous value");
    }
  }

  private static List<Object> tolerationsOf(Obj spec) {
    return spec.items("tolerations").stream()
        .map(
            toleration -> {
              Map<String, Object> seconds = new LinkedHashMap<>(toleration.map());
              seconds.remove("tolerationSeconds");
              return (Object) seconds;
            })
        .collect(Collectors.toList());
  }

  /** The part of a spec that an update may not touch: the rest is taken from {@code before}. */
  private static Map<String, Object> fixed(Obj spec, Obj before) {
    Map<String, Object> copy = Trees.copy(spec.map());
    Obj fixed = Obj.root(copy);
    fixed.drop("activeDeadlineSeconds").drop("tolerations");
    if (before.number("terminationGracePeriodSeconds", 0) < 0) {
      fixed.drop("terminationGracePeriodSeconds");
    }
    for (String containers : List.of("containers", "initContainers")) {
      fixed.items(containers).forEach(container -> container.drop("image"));
    }
    fixed.drop("schedulingGates");
    if (GateRules.isGated(before)) {
      fixed.drop("nodeSelector");
      if (fixed.child("affinity").drop("nodeAffinity").map().isEmpty()) {
        fixed.drop("affinity");
      }
    }
    return copy;
  }
}
