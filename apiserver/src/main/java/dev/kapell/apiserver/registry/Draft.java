package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import java.util.ArrayList;
import java.util.List;

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

  Answer.Single answer(int code, byte[] json) {
    return new Answer.Single(code, json, row.resource(), warnings);
  }
}
