package dev.kapell.apiserver.request;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the options of a write may say. */
public final class OptionRules {
  private static final String APPLY = "application/apply-patch+yaml";

  private OptionRules() {}

  /** Refuses options that make no sense, with 422 and their names. */
  public static void check(ApiRequest request) {
    String kind =
        switch (request.verb()) {
          case CREATE -> "CreateOptions";
          case UPDATE -> "UpdateOptions";
          case PATCH -> "PatchOptions";
          case DELETE, DELETE_COLLECTION -> "DeleteOptions";
          case GET, LIST, WATCH -> "";
        };
    if (kind.isEmpty()) {
      return;
    }
    List<FieldError> errors = new ArrayList<>();
    RequestOptions options = request.options();
    boolean apply = request.verb() == Verb.PATCH && request.body().mediaType().equals(APPLY);
    if (request.verb() == Verb.PATCH) {
      patch(options, apply, errors);
    }
    manager(options.fieldManager(), errors);
    dryRun(options, errors);
    String validation = options.other("fieldValidation");
    if (!kind.equals("DeleteOptions")
        && !List.of("", "Ignore", "Warn", "Strict").contains(validation)) {
      errors.add(
          FieldError.notSupported(
              "fieldValidation", validation, List.of("", "Ignore", "Strict", "Warn")));
    }
    if (!errors.isEmpty()) {
      throw Failures.invalid("meta.k8s.io", kind, "", errors);
    }
  }

  private static void patch(RequestOptions options, boolean apply, List<FieldError> errors) {
    if (apply && options.fieldManager().isEmpty()) {
      errors.add(FieldError.required("fieldManager", "is required for apply patch"));
    }
    if (!apply && options.other().containsKey("force")) {
      errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
    }
  }

  private static void manager(String name, List<FieldError> errors) {
    if (name.getBytes(StandardCharsets.UTF_8).length > QueryReader.MAX_MANAGER_LENGTH) {
      errors.add(FieldError.tooLong("fieldManager", QueryReader.MAX_MANAGER_LENGTH));
    }
    for (int at = 0; at < name.length(); at += Character.charCount(name.codePointAt(at))) {
      int character = name.codePointAt(at);
      if (!QueryReader.isPrintable(character)) {
        errors.add(
            FieldError.invalid(
                "fieldManager",
                name,
                "invalid character U+%04X (at position %d)".formatted(character, at)));
      }
    }
  }

  private static void dryRun(RequestOptions options, List<FieldError> errors) {
    List<String> values = options.other().getOrDefault("dryRun", List.of());
    if (values.stream().anyMatch(value -> !value.equals("All") && !value.isEmpty())) {
      errors.add(FieldError.notSupported("dryRun", values, List.of("All")));
    }
  }
}
