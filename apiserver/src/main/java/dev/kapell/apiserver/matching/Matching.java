package dev.kapell.apiserver.matching;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a webhook, or the match constraints of a policy, say about the requests they are for.
 * Immutable, thread-safe.
 */
public final class Matching {
  private static final Set<String> EXEMPT =
      Set.of(
          "validatingwebhookconfigurations",
          "mutatingwebhookconfigurations",
          "validatingadmissionpolicies",
          "validatingadmissionpolicybindings",
          "mutatingadmissionpolicies",
          "mutatingadmissionpolicybindings");

  private final List<RequestRule> rules;
  private final List<RequestRule> excluded;
  private final LabelQuery namespaces;
  private final LabelQuery objects;
  private final boolean equivalent;

  private Matching(Obj source, String rules) {
    this.rules = source.items(rules).stream().map(RequestRule::of).toList();
    this.excluded = source.items("excludeResourceRules").stream().map(RequestRule::of).toList();
    this.namespaces = query(source, "namespaceSelector");
    this.objects = query(source, "objectSelector");
    this.equivalent = !source.text("matchPolicy").equals("Exact");
  }

  /** Of one webhook of a configuration. */
  public static Matching ofWebhook(Obj webhook) {
    return new Matching(webhook, "rules");
  }

  /** Of a policy's {@code matchConstraints} or a binding's {@code matchResources}. */
  public static Matching ofResources(Obj matchResources) {
    return new Matching(matchResources, "resourceRules");
  }

  private static LabelQuery query(Obj source, String field) {
    return source.has(field)
        ? LabelQuery.of(
            JsonCodec.fromTree(LabelSelector.CODEC, source.child(field).map(), UnknownFields.IGNORE)
                .value())
        : LabelQuery.EVERYTHING;
  }

  /**
   * Whether no webhook and no policy is asked about {@code attempt}: it is about one of them, or
   * what the server cannot start without.
   */
  public static boolean isExempt(Attempt attempt) {
    return attempt.request().user().equals(User.BOOTSTRAP) || isAboutAdmission(attempt);
  }

  private static boolean isAboutAdmission(Attempt attempt) {
    return attempt.resource().group().equals("admissionregistration.k8s.io")
        && EXEMPT.contains(attempt.resource().plural());
  }

  /**
   * The version in which {@code attempt} is covered: the request's own where a rule names it, else
   * the first equivalent one; empty when it is not covered at all.
   *
   * @param object as it is to be, in the stored version; empty for a deletion
   * @throws dev.kapell.client.ApiFailure 404 when the request is covered but its namespace, whose
   *     labels count, is not there
   */
  public Optional<Row> match(Attempt attempt, Obj object, Rows rows) {
    if (!coversObject(attempt, object)) {
      return Optional.empty();
    }
    Optional<Row> found = matchRules(attempt, rows);
    return found.isPresent() && coversNamespace(attempt, object) ? found : Optional.empty();
  }

  /** The row of the request itself. */
  public static Row own(Attempt attempt, Rows rows) {
    Target target = attempt.request().target();
    return rows.written(target.group(), target.version(), attempt.resource().plural())
        .orElseThrow(Failures::unknownPath);
  }

  private Optional<Row> matchRules(Attempt attempt, Rows rows) {
    Row own = own(attempt, rows);
    if (excluded.stream().anyMatch(rule -> covers(rule, own, attempt))) {
      return Optional.empty();
    }
    if (rules.stream().anyMatch(rule -> covers(rule, own, attempt))) {
      return Optional.of(own);
    }
    List<Row> others = equivalent ? rows.versions(own.table()) : List.of();
    if (others.size() < 2
        || others.stream()
            .anyMatch(row -> excluded.stream().anyMatch(rule -> covers(rule, row, attempt)))) {
      return Optional.empty();
    }
    return rules.stream()
        .flatMap(rule -> others.stream().filter(row -> covers(rule, row, attempt)))
        .findFirst();
  }

  private static boolean covers(RequestRule rule, Row row, Attempt attempt) {
    return rule.covers(
        new RequestRule.Subject(
            row.resource(),
            attempt.subresource(),
            attempt.operation(),
            attempt.request().target().name()));
  }

  private boolean coversObject(Attempt attempt, Obj object) {
    return objects.isEmpty()
        || (attempt.operation() != Operation.DELETE && hasLabels(object))
        || attempt.old().filter(this::hasLabels).isPresent();
  }

  private boolean hasLabels(Obj object) {
    return object.has("metadata") && objects.matches(object.child("metadata").strings("labels"));
  }

  private boolean coversNamespace(Attempt attempt, Obj object) {
    if (namespaces.isEmpty()) {
      return true;
    }
    boolean itself = attempt.resource().qualifiedName().equals("namespaces");
    if (itself) {
      boolean written =
          attempt.subresource().isEmpty()
              && (attempt.operation() == Operation.CREATE
                  || attempt.operation() == Operation.UPDATE);
      Obj namespace = written ? object : attempt.old().orElse(object);
      return namespaces.matches(namespace.child("metadata").strings("labels"));
    }
    if (!attempt.resource().namespaced()) {
      return true;
    }
    String name = attempt.namespace();
    Obj namespace =
        attempt
            .lookup()
            .find("namespaces", name)
            .orElseThrow(() -> Failures.notFound("", "namespaces", name));
    return namespaces.matches(namespace.child("metadata").strings("labels"));
  }
}
