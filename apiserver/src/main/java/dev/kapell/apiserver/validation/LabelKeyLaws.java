package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Set;

/**
 * {@code matchLabelKeys} and {@code mismatchLabelKeys} beside the selector that they add to. In a
 * pod, what they mean is in the selector already, once ({@code registry.LabelKeys}).
 */
final class LabelKeyLaws {
  private LabelKeyLaws() {}

  static void keys(Obj term, Errors errors) {
    for (String field : List.of("matchLabelKeys", "mismatchLabelKeys")) {
      if (!term.values(field).isEmpty() && !term.has("labelSelector")) {
        errors.add(
            FieldError.forbidden(
                term.at(field), "must not be specified when labelSelector is not set"));
      }
    }
    notInSelector(term, errors);
    int index = 0;
    for (String key : term.texts("matchLabelKeys")) {
      if (term.texts("mismatchLabelKeys").contains(key)) {
        errors.invalid(
            term.at("matchLabelKeys", index),
            key,
            "exists in both matchLabelKeys and mismatchLabelKeys");
      }
      index++;
    }
  }

  /** Keys that must not match may also stand in the selector: it may say more about them. */
  private static void notInSelector(Obj term, Errors errors) {
    Obj selector = term.child("labelSelector");
    Set<String> exact = selector.strings("matchLabels").keySet();
    int index = 0;
    for (String key : term.texts("matchLabelKeys")) {
      List<Obj> required =
          selector.items("matchExpressions").stream()
              .filter(requirement -> requirement.text("key").equals(key))
              .toList();
      boolean merged =
          required.size() == 1
              && required.getFirst().text("operator").equals("In")
              && required.getFirst().values("values").size() == 1;
      if (exact.contains(key) || (!required.isEmpty() && !merged)) {
        errors.invalid(
            term.at("matchLabelKeys", index),
            key,
            "exists in both matchLabelKeys and labelSelector");
      }
      index++;
    }
  }
}
