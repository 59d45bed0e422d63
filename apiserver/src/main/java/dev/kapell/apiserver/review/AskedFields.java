package dev.kapell.apiserver.review;

import dev.kapell.api.DecodeException;
import dev.kapell.api.selector.FieldQuery;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;

/**
 * The field selector of a review.
 *
 * @param query as much of it as can be asked: leaving a part out asks for more
 * @param gaps says that something was left out
 */
record AskedFields(FieldQuery query, List<String> gaps) {
  private static final String FIELD = "fieldSelector";

  /** Reads it; adds what is wrong with it to {@code errors}. */
  static AskedFields read(Obj asked, List<FieldError> errors) {
    if (!asked.has(FIELD)) {
      return new AskedFields(FieldQuery.EVERYTHING, List.of());
    }
    AskedSelector.check(asked, FIELD, errors);
    Obj selector = asked.child(FIELD);
    List<Obj> requirements = selector.items("requirements");
    if (requirements.isEmpty()) {
      return raw(selector.text("rawSelector"));
    }
    List<FieldQuery.Term> terms = new ArrayList<>();
    for (Obj requirement : requirements) {
      String key = requirement.text("key");
      if (key.isEmpty()) {
        errors.add(FieldError.required(requirement.at("key"), "must be specified"));
      }
      String operator = requirement.text("operator");
      List<String> values = requirement.texts("values");
      // Others, such as Exists, narrow nothing down for whoever decides.
      if (values.size() == 1 && List.of("In", "NotIn").contains(operator)) {
        terms.add(new FieldQuery.Term(key, operator.equals("In"), values.getFirst()));
      }
    }
    return new AskedFields(
        new FieldQuery(terms),
        terms.size() == requirements.size() ? List.of() : AskedSelector.gap(FIELD, terms.size()));
  }

  private static AskedFields raw(String text) {
    try {
      return new AskedFields(FieldQuery.parse(text), List.of());
    } catch (DecodeException unreadable) {
      return new AskedFields(FieldQuery.EVERYTHING, AskedSelector.gap(FIELD, 0));
    }
  }
}
