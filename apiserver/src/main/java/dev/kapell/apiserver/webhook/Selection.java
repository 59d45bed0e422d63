package dev.kapell.apiserver.webhook;

import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.matching.Matching;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Randomness;
import java.util.Optional;

/** Decides whether a hook is asked about a write, and puts the question. Thread-safe. */
final class Selection {
  private final Rows rows;
  private final Randomness randomness;
  private final Conditions conditions;

  Selection(Rows rows, Randomness randomness, Conditions conditions) {
    this.rows = rows;
    this.randomness = randomness;
    this.conditions = conditions;
  }

  /** A question that is to be put: the {@code AdmissionRequest}. */
  record Asked(Review review, Obj request) {}

  /** Empty when {@code hook} is not for this write. */
  Optional<Asked> ask(Hook hook, Attempt attempt, Obj object) {
    Optional<Row> row = hook.matching().match(attempt, object, rows);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    Review review =
        new Review(attempt, row.get(), Matching.own(attempt, rows), randomness.uuid().toString());
    Obj request = review.request(object);
    if (!hook.conditions().isEmpty() && !holds(hook, attempt, request)) {
      return Optional.empty();
    }
    return Optional.of(new Asked(review, request));
  }

  private boolean holds(Hook hook, Attempt attempt, Obj request) {
    return switch (conditions.judge(hook.conditions(), request, attempt.request().user())) {
      case Conditions.Verdict.Holds _ -> true;
      case Conditions.Verdict.Fails _ -> false;
      case Conditions.Verdict.Broken broken -> {
        if (hook.failsOpen()) {
          yield false;
        }
        throw Failures.forbidden(
            attempt.resource(), attempt.request().target().name(), broken.message());
      }
    };
  }
}
