package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.request.RequestOptions;
import java.util.ArrayList;
import java.util.List;

/** Which options of a list or a watch go together, as in {@code ListOptions} of Kubernetes. */
final class ListRules {
  private static final String MATCH = "resourceVersionMatch";
  private static final String EXACT = "Exact";
  private static final String NOT_OLDER = "NotOlderThan";

  private ListRules() {}

  /** Refuses options of a list that contradict each other. */
  static void checkList(RequestOptions options) {
    String match = options.resourceVersionMatch();
    List<FieldError> errors = new ArrayList<>();
    if (!match.isEmpty()) {
      if (options.resourceVersion().isEmpty()) {
        forbid(
            errors, MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided");
      }
      forbidContinue(options, errors);
      if (!match.equals(EXACT) && !match.equals(NOT_OLDER)) {
        errors.add(FieldError.notSupported(MATCH, match, List.of(EXACT, NOT_OLDER, "")));
      }
      if (match.equals(EXACT) && options.resourceVersion().equals("0")) {
        forbid(
            errors, MATCH, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
      }
    }
    if (options.sendInitialEvents().isPresent()) {
      forbid(errors, "sendInitialEvents", "sendInitialEvents is forbidden for list");
    }
    refuse(errors);
  }

  /** Refuses options of a watch that contradict each other. */
  static void checkWatch(RequestOptions options) {
    String match = options.resourceVersionMatch();
    boolean initial = options.sendInitialEvents().isPresent();
    List<FieldError> errors = new ArrayList<>();
    if (initial && !match.equals(NOT_OLDER)) {
      forbid(
          errors, MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    if (!match.isEmpty()) {
      if (!initial) {
        forbid(
            errors,
            MATCH,
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
      }
      if (!match.equals(NOT_OLDER)) {
        errors.add(FieldError.notSupported(MATCH, match, List.of(NOT_OLDER)));
      }
      forbidContinue(options, errors);
    }
    refuse(errors);
  }

  /** Whether a list shows {@code revision} itself, and not one that is at least as new. */
  static boolean isExact(RequestOptions options, long revision) {
    String match = options.resourceVersionMatch();
    // Of a list in pages a revision without more words is exact too.
    return match.equals(EXACT) || (match.isEmpty() && options.limit() > 0 && revision > 0);
  }

  private static void forbidContinue(RequestOptions options, List<FieldError> errors) {
    if (!options.continueToken().isEmpty()) {
      forbid(errors, MATCH, "resourceVersionMatch is forbidden when continue is provided");
    }
  }

  private static void forbid(List<FieldError> errors, String field, String why) {
    errors.add(FieldError.forbidden(field, why));
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Failures.invalid("meta.k8s.io", "ListOptions", "", errors);
    }
  }
}
