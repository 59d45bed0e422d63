package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the fields of a Job have to obey together, in a Job and in a CronJob's template ({@code
 * pkg/apis/batch/validation} of the reference).
 */
final class BatchLaws {
  private static final int MOST_INDEXED = 100_000;
  private static final int MOST_WITH_MANY = 10_000;

  private BatchLaws() {}

  static void addTo(Laws laws) {
    laws.put("batch.v1.JobSpec", BatchLaws::job);
  }

  private static void job(Obj spec, Errors errors) {
    for (String field :
        List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished")) {
      errors.notNegative(spec, field);
    }
    errors.oneOf(spec, "completionMode", List.of("NonIndexed", "Indexed"));
    if (spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex")) {
      errors.add(
          FieldError.required(
              spec.at("backoffLimitPerIndex"), "when maxFailedIndexes is specified"));
    }
    managedBy(spec, errors);
    if (isIndexed(spec)) {
      indexed(spec, errors);
    } else {
      needsIndexes(spec, "backoffLimitPerIndex", errors);
      needsIndexes(spec, "maxFailedIndexes", errors);
      needsIndexes(spec, "successPolicy", errors);
    }
    errors.oneOf(
        spec,
        "podReplacementPolicy",
        spec.has("podFailurePolicy")
            ? List.of("Failed")
            : List.of("Failed", "TerminatingOrFailed"));
    failurePolicy(spec, errors);
  }

  private static boolean isIndexed(Obj spec) {
    return spec.text("completionMode").equals("Indexed");
  }

  private static void needsIndexes(Obj spec, String field, Errors errors) {
    if (spec.has(field)) {
      errors.invalid(spec.at(field), spec.get(field), "requires indexed completion mode");
    }
  }

  private static void managedBy(Obj spec, Errors errors) {
    String manager = spec.text("managedBy");
    int slash = manager.indexOf('/');
    if (spec.has("managedBy") && (slash < 1 || slash == manager.length() - 1)) {
      errors.invalid(
          spec.at("managedBy"),
          manager,
          "must be a domain-prefixed path (such as \"acme.io/foo\")");
    } else if (slash > 0) {
      Format.SUBDOMAIN
          .problems(manager.substring(0, slash))
          .forEach(problem -> errors.invalid(spec.at("managedBy"), manager, problem));
    }
  }

  private static void indexed(Obj spec, Errors errors) {
    long completions = spec.number("completions", 0);
    if (!spec.has("completions")) {
      errors.add(FieldError.required(spec.at("completions"), "when completion mode is Indexed"));
    }
    atMost(spec, "parallelism", MOST_INDEXED, " when completion mode is Indexed", errors);
    if (spec.has("completions") && spec.number("maxFailedIndexes", 0) > completions) {
      errors.invalid(
          spec.at("maxFailedIndexes"),
          spec.get("maxFailedIndexes"),
          "must be less than or equal to completions");
    }
    atMost(spec, "maxFailedIndexes", MOST_INDEXED, "", errors);
    if (completions > MOST_INDEXED && spec.has("backoffLimitPerIndex")) {
      if (!spec.has("maxFailedIndexes")) {
        errors.add(
            FieldError.required(
                spec.at("maxFailedIndexes"),
                "must be specified when completions is above " + MOST_INDEXED));
      }
      String when =
          " when completions are above " + MOST_INDEXED + " and used with backoff limit per index";
      atMost(spec, "parallelism", MOST_WITH_MANY, when, errors);
      atMost(spec, "maxFailedIndexes", MOST_WITH_MANY, when, errors);
    }
    for (Obj rule : spec.child("successPolicy").items("rules")) {
      SuccessRules.rule(rule, completions, errors);
    }
  }

  private static void atMost(Obj spec, String field, long most, String when, Errors errors) {
    if (spec.number(field, 0) > most) {
      errors.invalid(
          spec.at(field), spec.get(field), "must be less than or equal to " + most + when);
    }
  }

  private static void failurePolicy(Obj spec, Errors errors) {
    if (!spec.has("podFailurePolicy")) {
      return;
    }
    Obj pod = spec.child("template").child("spec");
    if (pod.text("restartPolicy").equals("OnFailure")) {
      errors.invalid(
          pod.at("restartPolicy"),
          "OnFailure",
          "only \"Never\" is supported when podFailurePolicy is specified");
    }
    Set<String> containers =
        Stream.of("containers", "initContainers")
            .flatMap(list -> pod.items(list).stream())
            .map(container -> container.text("name"))
            .collect(Collectors.toSet());
    for (Obj rule : spec.child("podFailurePolicy").items("rules")) {
      if (rule.text("action").equals("FailIndex") && !spec.has("backoffLimitPerIndex")) {
        errors.invalid(
            rule.at("action"), "FailIndex", "requires the backoffLimitPerIndex to be set");
      }
      boolean byConditions = !rule.items("onPodConditions").isEmpty();
      if (rule.has("onExitCodes") == byConditions) {
        errors.invalid(
            rule.path(),
            rule.map(),
            byConditions
                ? "specifying both OnExitCodes and OnPodConditions is not supported"
                : "specifying one of OnExitCodes and OnPodConditions is required");
      }
      exitCodes(rule.child("onExitCodes"), containers, errors);
    }
  }

  private static void exitCodes(Obj codes, Set<String> containers, Errors errors) {
    if (codes.has("containerName") && !containers.contains(codes.text("containerName"))) {
      errors.invalid(
          codes.at("containerName"),
          codes.text("containerName"),
          "must be one of the container or initContainer names in the pod template");
    }
    long before = Long.MIN_VALUE;
    boolean ordered = true;
    int index = 0;
    for (Object value : codes.values("values")) {
      long code = value instanceof Number number ? number.longValue() : 0;
      if (code == 0 && codes.text("operator").equals("In")) {
        errors.invalid(codes.at("values", index), code, "must not be 0 for the In operator");
      }
      ordered &= code >= before;
      before = code;
      index++;
    }
    if (!ordered) {
      errors.invalid(codes.at("values"), codes.get("values"), "must be ordered");
    }
  }
}
