package dev.kapell.apiserver.review;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/** What the two selectors of a review have in common. Pure. */
final class AskedSelector {
  private AskedSelector() {}

  /** Adds what is wrong with the selector in {@code field}, whatever it selects by. */
  static void check(Obj asked, String field, List<FieldError> errors) {
    Obj selector = asked.child(field);
    boolean raw = !selector.text("rawSelector").isEmpty();
    boolean parsed = !selector.values("requirements").isEmpty();
    if (raw && parsed) {
      errors.add(
          FieldError.invalid(
              selector.at("rawSelector"),
              selector.text("rawSelector"),
              "may not specified at the same time as requirements"));
    } else if (!raw && !parsed) {
      errors.add(
          FieldError.required(
              selector.at("requirements"),
              "when "
                  + selector.path()
                  + " is specified, requirements or rawSelector is required"));
    }
    selector.items("requirements").forEach(requirement -> checkValues(requirement, errors));
  }

  /** An operator that is not known may be one of a newer version: it is left out, not refused. */
  private static void checkValues(Obj requirement, List<FieldError> errors) {
    boolean given = !requirement.values("values").isEmpty();
    switch (requirement.text("operator")) {
      case "In", "NotIn" -> {
        if (!given) {
          errors.add(
              FieldError.required(
                  requirement.at("values"),
                  "must be specified when `operator` is 'In' or 'NotIn'"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (given) {
          errors.add(
              FieldError.forbidden(
                  requirement.at("values"),
                  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      default -> {}
    }
  }

  /** What an answer says of a selector of which {@code left} requirements could be asked for. */
  static List<String> gap(String field, int left) {
    return List.of(
        "spec.resourceAttributes."
            + field
            + (left > 0 ? " partially ignored" : " ignored")
            + " due to parse error");
  }
}
