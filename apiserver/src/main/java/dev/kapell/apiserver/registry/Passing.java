package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Optional;

/**
 * Creates of kinds that are answered and not stored: they are read as strictly as others, and pass
 * admission. Thread-safe.
 */
public final class Passing {
  private final Rows rows;
  private final Storage storage;
  private final Admission admission;

  Passing(Rows rows, Storage storage, Admission admission) {
    this.rows = rows;
    this.storage = storage;
    this.admission = admission;
  }

  /**
   * The object in the body of {@code request}, as admission leaves it.
   *
   * @param warnings gets what the client is to be told
   * @throws dev.kapell.client.ApiFailure {@code BadRequest} with the path of what does not fit, or
   *     what admission refuses with
   */
  public Obj admitted(ApiRequest request, List<String> warnings) {
    Target target = request.target();
    Row row =
        rows.written(target.group(), target.version(), target.resource())
            .orElseThrow(Failures::unknownPath);
    Draft draft = new Draft(request, row, warnings);
    Obj object = Bodies.object(row, request, warnings);
    Admission.Attempt attempt =
        draft.attempt(Admission.Operation.CREATE, Optional.empty(), storage);
    admission.admit(attempt, object);
    admission.validate(attempt, object);
    return object;
  }
}
