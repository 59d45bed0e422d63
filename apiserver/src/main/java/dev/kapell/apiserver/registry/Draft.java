package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.admission.Lookup;
import dev.kapell.apiserver.admission.Rounds;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A write under way: its request, its row and the warnings it has gathered. */
record Draft(ApiRequest request, Row row, List<String> warnings) {
  static Draft of(ApiRequest request, Row row) {
    return new Draft(request, row, new ArrayList<>());
  }

  String namespace() {
    return request.target().namespace();
  }

  String name() {
    return request.target().name();
  }

  String subresource() {
    return request.target().subresource();
  }

  boolean dryRun() {
    return request.options().dryRun();
  }

  /** What admission is told of this write. */
  Admission.Attempt attempt(Admission.Operation operation, Optional<Obj> old, Lookup lookup) {
    return new Admission.Attempt(
        request, row.resource(), operation, old, lookup, warnings, new Rounds());
  }

  Answer.Single answer(int code, byte[] json) {
    return new Answer.Single(code, json, row.resource(), warnings);
  }
}
