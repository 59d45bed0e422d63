package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Set;

/** Devices that pods claim. */
final class DeviceLaws {
  private DeviceLaws() {}

  static void addTo(Laws laws) {
    laws.put("resource.v1.DeviceClaim", DeviceLaws::claim);
    laws.put("resource.v1.DeviceConstraint", DeviceLaws::constraint);
    laws.put("resource.v1.DeviceRequest", DeviceLaws::request);
    laws.put("resource.v1.ExactDeviceRequest", DeviceLaws::count);
    laws.put("resource.v1.DeviceSubRequest", DeviceLaws::count);
    laws.put("resource.v1.ResourceSliceSpec", DeviceLaws::slice);
    laws.put("resource.v1.DeviceAttribute", DeviceLaws::attribute);
    laws.put("resource.v1.DeviceSelector", (selector, errors) -> errors.require(selector, "cel"));
  }

  /** What constraints and configurations name has to be a request. */
  private static void claim(Obj claim, Errors errors) {
    Set<String> names = DeviceRules.requests(claim, true);
    for (String field : List.of("constraints", "config")) {
      for (Obj item : claim.items(field)) {
        List<String> named = item.texts("requests");
        for (int i = 0; i < named.size(); i++) {
          if (!names.contains(named.get(i))) {
            errors.invalid(
                item.at("requests", i),
                named.get(i),
                "must be the name of a request in the claim or the name of a request in the claim"
                    + " followed by '/' and the name of a subrequest");
          }
        }
      }
    }
  }

  private static void constraint(Obj constraint, Errors errors) {
    for (String field : List.of("matchAttribute", "distinctAttribute")) {
      String name = constraint.text(field);
      if (!name.isEmpty() && !name.contains("/")) {
        errors.invalid(constraint.at(field), name, "must include a domain");
      }
    }
    if (!constraint.has("matchAttribute") && !constraint.has("distinctAttribute")) {
      errors.add(
          FieldError.required(
              constraint.path(), "exactly one of `matchAttribute` or `distinctAttribute`"));
    } else if (constraint.has("matchAttribute") && constraint.has("distinctAttribute")) {
      errors.invalid(
          constraint.path(),
          constraint.map(),
          "exactly one of `matchAttribute` or `distinctAttribute`");
    }
  }

  private static void request(Obj request, Errors errors) {
    boolean exactly = request.has("exactly");
    boolean first = !request.values("firstAvailable").isEmpty();
    if (exactly == first) {
      String why = "exactly one of `exactly` or `firstAvailable` is required";
      errors.add(
          first
              ? new FieldError(
                  "FieldValueInvalid",
                  request.path(),
                  "Invalid value: " + why + ", but multiple fields are set")
              : FieldError.required(request.path(), why));
    }
  }

  private static void count(Obj request, Errors errors) {
    String mode = request.text("allocationMode");
    long count = request.number("count", 0);
    if (mode.equals("All") && count != 0) {
      errors.invalid(
          request.at("count"), count, "must not be specified when allocationMode is 'All'");
    } else if (mode.equals("ExactCount") && count < 1) {
      errors.invalid(request.at("count"), count, "must be greater than zero");
    }
  }

  private static void slice(Obj spec, Errors errors) {
    List<String> given =
        List.of("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection").stream()
            .filter(spec::has)
            .toList();
    String which =
        "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
    if (given.isEmpty()) {
      errors.add(FieldError.required(spec.path(), which));
    } else if (given.size() > 1) {
      errors.invalid(
          spec.path(),
          "{" + String.join(", ", given) + "}",
          which + ", but multiple fields are set");
    }
    int terms = spec.child("nodeSelector").items("nodeSelectorTerms").size();
    if (spec.has("nodeSelector") && terms != 1) {
      errors.invalid(
          spec.at("nodeSelector") + ".nodeSelectorTerms",
          terms,
          "must have exactly one node selector term");
    }
    if (!spec.has("pool")) {
      errors.add(FieldError.required(spec.at("pool") + ".name", ""));
    }
  }

  private static void attribute(Obj attribute, Errors errors) {
    if (attribute.map().isEmpty()) {
      errors.add(FieldError.required(attribute.path(), "exactly one value must be specified"));
    } else if (attribute.map().size() > 1) {
      errors.invalid(attribute.path(), attribute.map(), "exactly one value must be specified");
    }
  }
}
