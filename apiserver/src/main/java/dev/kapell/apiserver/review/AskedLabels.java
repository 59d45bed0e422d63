package dev.kapell.apiserver.review;

import dev.kapell.api.DecodeException;
import dev.kapell.api.names.NameRules;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The label selector of a review.
 *
 * @param query as much of it as can be asked: leaving a part out asks for more
 * @param gaps says that something was left out
 */
record AskedLabels(LabelQuery query, List<String> gaps) {
  private static final String FIELD = "labelSelector";

  /** Reads it; adds what is wrong with it to {@code errors}. */
  static AskedLabels read(Obj asked, List<FieldError> errors) {
    if (!asked.has(FIELD)) {
      return new AskedLabels(LabelQuery.EVERYTHING, List.of());
    }
    AskedSelector.check(asked, FIELD, errors);
    Obj selector = asked.child(FIELD);
    List<Obj> sent = selector.items("requirements");
    if (sent.isEmpty()) {
      return raw(selector.text("rawSelector"));
    }
    List<LabelQuery.Requirement> requirements = new ArrayList<>();
    for (Obj requirement : sent) {
      checkNames(requirement, errors);
      operator(requirement.text("operator"))
          .ifPresent(
              operator ->
                  requirements.add(
                      new LabelQuery.Requirement(
                          requirement.text("key"), operator, requirement.texts("values"))));
    }
    return new AskedLabels(
        new LabelQuery(requirements),
        requirements.size() == sent.size()
            ? List.of()
            : AskedSelector.gap(FIELD, requirements.size()));
  }

  private static void checkNames(Obj requirement, List<FieldError> errors) {
    String key = requirement.text("key");
    NameRules.qualifiedNameProblems(key)
        .forEach(why -> errors.add(FieldError.invalid(requirement.at("key"), key, why)));
    List<String> values = requirement.texts("values");
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      String place = requirement.at("values", i);
      NameRules.labelValue(value)
          .ifPresent(why -> errors.add(FieldError.invalid(place, value, why)));
    }
  }

  private static Optional<LabelQuery.Operator> operator(String word) {
    return switch (word) {
      case "In" -> Optional.of(LabelQuery.Operator.IN);
      case "NotIn" -> Optional.of(LabelQuery.Operator.NOT_IN);
      case "Exists" -> Optional.of(LabelQuery.Operator.EXISTS);
      case "DoesNotExist" -> Optional.of(LabelQuery.Operator.DOES_NOT_EXIST);
      default -> Optional.empty();
    };
  }

  private static AskedLabels raw(String text) {
    try {
      return new AskedLabels(LabelQuery.parse(text), List.of());
    } catch (DecodeException unreadable) {
      return new AskedLabels(LabelQuery.EVERYTHING, AskedSelector.gap(FIELD, 0));
    }
  }
}
