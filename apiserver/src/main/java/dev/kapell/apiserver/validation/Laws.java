package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What fields have to obey together, by the name of the type that they are of. */
final class Laws {
  private final Map<String, List<Law>> laws = new HashMap<>();

  private Laws() {}

  static Map<String, List<Law>> all() {
    Laws all = new Laws();
    all.put("meta.v1.LabelSelectorRequirement", Laws::labelRequirement);
    PodLaws.addTo(all);
    VolumeLaws.addTo(all);
    QuotaLaws.addTo(all);
    NetworkLaws.addTo(all);
    ScalingLaws.addTo(all);
    AdmissionLaws.addTo(all);
    FlowLaws.addTo(all);
    AccessLaws.addTo(all);
    DeviceLaws.addTo(all);
    BatchLaws.addTo(all);
    return all.laws;
  }

  void put(String type, Law law) {
    laws.computeIfAbsent(type, name -> new ArrayList<>()).add(law);
  }

  private static void labelRequirement(Obj requirement, Errors errors) {
    switch (requirement.text("operator")) {
      case "In", "NotIn" -> {
        if (requirement.values("values").isEmpty()) {
          errors.add(
              FieldError.required(
                  requirement.at("values"),
                  "must be specified when `operator` is 'In' or 'NotIn'"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!requirement.values("values").isEmpty()) {
          errors.add(
              FieldError.forbidden(
                  requirement.at("values"),
                  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      default ->
          errors.invalid(
              requirement.at("operator"),
              requirement.text("operator"),
              "not a valid selector operator");
    }
  }

  /** Exactly one of {@code fields} is there; the messages of users' habit. */
  static void oneSource(
      Obj object, List<String> fields, String missing, String extra, Errors errors) {
    List<String> given = fields.stream().filter(object::has).toList();
    if (given.isEmpty()) {
      errors.add(FieldError.required(object.path(), missing));
    }
    for (String more : given.stream().skip(1).toList()) {
      errors.add(FieldError.forbidden(object.at(more), extra));
    }
  }
}
