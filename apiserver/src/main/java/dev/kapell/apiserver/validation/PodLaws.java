package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Parts of a pod's spec: security, scheduling, names and addresses. */
final class PodLaws {
  private static final int SEARCH_CHARACTERS = 2048;

  private PodLaws() {}

  static void addTo(Laws laws) {
    laws.put("core.v1.SecurityContext", PodLaws::securityContext);
    laws.put("core.v1.SeccompProfile", PodLaws::localhostProfile);
    laws.put("core.v1.AppArmorProfile", PodLaws::localhostProfile);
    laws.put("core.v1.NodeSelectorRequirement", PodLaws::nodeRequirement);
    laws.put("core.v1.NodeSelectorTerm", PodLaws::nodeTerm);
    laws.put("core.v1.TopologySpreadConstraint", PodLaws::spread);
    laws.put("core.v1.TopologySpreadConstraint", LabelKeyLaws::keys);
    laws.put("core.v1.PodAffinityTerm", LabelKeyLaws::keys);
    laws.put("core.v1.Toleration", PodLaws::toleration);
    laws.put("core.v1.PodSpec", PodLaws::spec);
    laws.put("core.v1.PodResourceClaim", PodLaws::claim);
    laws.put("core.v1.PodDNSConfig", PodLaws::dns);
    laws.put("core.v1.VolumeMount", PodLaws::mount);
  }

  private static void securityContext(Obj context, Errors errors) {
    boolean refused = Boolean.FALSE.equals(context.get("allowPrivilegeEscalation"));
    if (refused && context.flag("privileged")) {
      errors.invalid(
          context.path(),
          context.map(),
          "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
    }
    if (refused && context.child("capabilities").texts("add").contains("CAP_SYS_ADMIN")) {
      errors.invalid(
          context.path(),
          context.map(),
          "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }
  }

  private static void localhostProfile(Obj profile, Errors errors) {
    boolean local = profile.text("type").equals("Localhost");
    String path = profile.text("localhostProfile");
    if (local && path.isEmpty()) {
      errors.add(
          FieldError.required(
              profile.at("localhostProfile"), "must be set when `type` is set to Localhost"));
    } else if (!local && profile.has("localhostProfile")) {
      errors.invalid(
          profile.at("localhostProfile"), path, "can only be set when `type` is set to Localhost");
    } else if (path.startsWith("/")) {
      errors.invalid(profile.at("localhostProfile"), path, "must be a relative path");
    } else if (List.of(path.split("/", -1)).contains("..")) {
      errors.invalid(profile.at("localhostProfile"), path, "must not contain '..'");
    }
  }

  private static void nodeRequirement(Obj requirement, Errors errors) {
    int values = requirement.values("values").size();
    switch (requirement.text("operator")) {
      case "In", "NotIn" -> {
        if (values == 0) {
          errors.add(
              FieldError.required(
                  requirement.at("values"),
                  "must be specified when `operator` is 'In' or 'NotIn'"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (values > 0) {
          errors.add(
              FieldError.forbidden(
                  requirement.at("values"),
                  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      case "Gt", "Lt" -> {
        if (values != 1) {
          errors.add(
              FieldError.required(
                  requirement.at("values"),
                  "must be specified single value when `operator` is 'Lt' or 'Gt'"));
        }
      }
      default ->
          errors.invalid(
              requirement.at("operator"),
              requirement.text("operator"),
              "not a valid selector operator");
    }
  }

  private static void nodeTerm(Obj term, Errors errors) {
    for (Obj field : term.items("matchFields")) {
      if (!field.text("key").equals("metadata.name")) {
        errors.invalid(field.at("key"), field.text("key"), "not a valid field selector key");
      } else if (!List.of("In", "NotIn").contains(field.text("operator"))) {
        errors.invalid(
            field.at("operator"), field.text("operator"), "not a valid selector operator");
      } else if (field.values("values").size() != 1) {
        errors.add(
            FieldError.required(
                field.at("values"),
                "must be only one value when `operator` is 'In' or 'NotIn' for node field"
                    + " selector"));
      }
    }
  }

  private static void toleration(Obj toleration, Errors errors) {
    boolean compares = List.of("Gt", "Lt").contains(toleration.text("operator"));
    if (compares && !toleration.text("value").matches("-?(0|[1-9][0-9]{0,17})")) {
      errors.invalid(
          toleration.at("value"),
          toleration.text("value"),
          "must be a valid integer when `operator` is 'Gt' or 'Lt'");
    }
  }

  private static void spread(Obj constraint, Errors errors) {
    if (constraint.has("minDomains")
        && !constraint.text("whenUnsatisfiable").equals("DoNotSchedule")) {
      errors.invalid(
          constraint.at("minDomains"),
          constraint.get("minDomains"),
          "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not "
              + constraint.text("whenUnsatisfiable"));
    }
  }

  private static void spec(Obj spec, Errors errors) {
    Set<String> pairs = new HashSet<>();
    for (Obj constraint : spec.items("topologySpreadConstraints")) {
      String pair =
          "{%s, %s}"
              .formatted(constraint.text("topologyKey"), constraint.text("whenUnsatisfiable"));
      if (!pairs.add(pair)) {
        errors.add(FieldError.duplicate(constraint.at("{topologyKey, whenUnsatisfiable}"), pair));
      }
    }
    if (spec.flag("shareProcessNamespace") && spec.flag("hostPID")) {
      errors.invalid(
          spec.at("securityContext") + ".shareProcessNamespace",
          true,
          "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    if (spec.flag("hostNetwork")) {
      hostNetwork(spec, errors);
    }
    if (spec.has("hostnameOverride")) {
      hostname(spec, errors);
    }
    PodResourceLaws.check(spec, errors);
    if (Boolean.FALSE.equals(spec.get("hostUsers"))) {
      for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
        if (spec.flag(field)) {
          errors.add(FieldError.forbidden(spec.at(field), "when `hostUsers` is false"));
        }
      }
    }
    if (spec.child("os").text("name").equals("windows")) {
      errors.invalid(
          spec.at("os") + ".name", "windows", "this cluster has no nodes with Windows: use linux");
    }
  }

  /**
   * The name stands for itself: there is no domain to put behind it, and the host keeps its own.
   */
  private static void hostname(Obj spec, Errors errors) {
    for (String field : List.of("hostNetwork", "setHostnameAsFQDN")) {
      if (spec.flag(field)) {
        errors.invalid(spec.at(field), true, "may not be set when hostnameOverride is set");
      }
    }
  }

  private static void hostNetwork(Obj spec, Errors errors) {
    for (String list : List.of("containers", "initContainers")) {
      for (Obj container : spec.items(list)) {
        for (Obj port : container.items("ports")) {
          long host = port.number("hostPort", 0);
          if (host != 0 && host != port.number("containerPort", 0)) {
            errors.invalid(
                port.at("hostPort"), host, "must match `containerPort` when `hostNetwork` is true");
          }
        }
      }
    }
  }

  private static void claim(Obj claim, Errors errors) {
    boolean named = claim.has("resourceClaimName");
    boolean template = claim.has("resourceClaimTemplateName");
    if (named == template) {
      errors.invalid(
          claim.path(),
          claim.map(),
          named
              ? "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
              : "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
    }
  }

  private static void dns(Obj dns, Errors errors) {
    int length = String.join(" ", dns.texts("searches")).length();
    if (length > SEARCH_CHARACTERS) {
      errors.invalid(
          dns.at("searches"),
          dns.get("searches"),
          "must not have more than 2048 characters (including spaces) in the search list");
    }
    for (int i = 0; i < dns.texts("searches").size(); i++) {
      String search = dns.texts("searches").get(i);
      String plain = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
      if (!plain.isEmpty()) {
        errors.format(dns.at("searches", i), plain.replace('_', '-'), Format.SUBDOMAIN);
      }
    }
  }

  private static void mount(Obj mount, Errors errors) {
    if (mount.text("mountPath").contains(":")) {
      errors.invalid(mount.at("mountPath"), mount.text("mountPath"), "must not contain ':'");
    }
    if (!mount.text("subPath").isEmpty() && !mount.text("subPathExpr").isEmpty()) {
      errors.invalid(
          mount.at("subPathExpr"),
          mount.text("subPathExpr"),
          "subPathExpr and subPath are mutually exclusive");
    }
    boolean recursive = List.of("Enabled", "IfPossible").contains(mount.text("recursiveReadOnly"));
    if (recursive && !mount.flag("readOnly")) {
      errors.add(
          FieldError.forbidden(
              mount.at("recursiveReadOnly"), "may only be specified when readOnly is true"));
    }
  }
}
