package dev.kapell.apiserver.flow;

import dev.kapell.api.flowcontrol.v1.FlowSchema;
import dev.kapell.api.flowcontrol.v1.FlowSchemaSpec;
import dev.kapell.api.flowcontrol.v1.NonResourcePolicyRule;
import dev.kapell.api.flowcontrol.v1.PolicyRulesWithSubjects;
import dev.kapell.api.flowcontrol.v1.ResourcePolicyRule;
import dev.kapell.api.flowcontrol.v1.Subject;
import dev.kapell.apiserver.request.Target;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the flow of a request among the flow schemas of one moment. Immutable. */
final class Classifier {
  private static final int LAST = 10_000;
  private static final String ACCOUNT = "system:serviceaccount:";

  private final List<FlowSchema> schemas;

  /**
   * A request's place.
   *
   * @param schema the name of the flow schema
   * @param schemaUid of the same
   * @param level the name of the priority level
   * @param flow what tells flows of the schema apart: a user, a namespace, or nothing
   */
  record Flow(String schema, String schemaUid, String level, String flow) {}

  /**
   * @param levels those that there are: a schema that names another is passed over
   */
  Classifier(Collection<FlowSchema> schemas, Set<String> levels) {
    this.schemas =
        schemas.stream()
            .filter(schema -> levels.contains(level(schema)))
            .sorted(
                Comparator.comparingInt(Classifier::precedence)
                    .thenComparing(schema -> schema.metadata().nameOr("")))
            .toList();
  }

  /** The level that {@code schema} names. */
  static String level(FlowSchema schema) {
    FlowSchemaSpec spec = schema.spec();
    return spec.priorityLevelConfiguration() == null
        ? ""
        : spec.priorityLevelConfiguration().nameOr("");
  }

  private static int precedence(FlowSchema schema) {
    return schema.spec().matchingPrecedenceOr(LAST);
  }

  /** The first schema that matches; empty when none does, not even the one for all. */
  Optional<Flow> find(FlowRequest request) {
    for (FlowSchema schema : schemas) {
      for (PolicyRulesWithSubjects rule : schema.spec().rules()) {
        if (matches(rule, request)) {
          return Optional.of(
              new Flow(
                  schema.metadata().nameOr(""),
                  schema.metadata().uidOr(""),
                  level(schema),
                  flow(schema, request)));
        }
      }
    }
    return Optional.empty();
  }

  private static String flow(FlowSchema schema, FlowRequest request) {
    FlowSchemaSpec spec = schema.spec();
    String by = spec.distinguisherMethod() == null ? "" : spec.distinguisherMethod().typeOr("");
    return switch (by) {
      case "ByUser" -> request.user().name();
      case "ByNamespace" -> request.target().map(Target::namespace).orElse("");
      default -> "";
    };
  }

  private static boolean matches(PolicyRulesWithSubjects rule, FlowRequest request) {
    if (rule.subjects().stream().noneMatch(subject -> matches(subject, request))) {
      return false;
    }
    return request.target().isPresent()
        ? rule.resourceRules().stream()
            .anyMatch(r -> matches(r, request.verb(), request.target().get()))
        : rule.nonResourceRules().stream().anyMatch(r -> matches(r, request));
  }

  private static boolean matches(Subject subject, FlowRequest request) {
    return switch (subject.kindOr("")) {
      case "User" -> subject.user() != null && is(subject.user().nameOr(""), request.user().name());
      case "Group" ->
          subject.group() != null
              && (subject.group().nameOr("").equals("*")
                  || request.user().groups().contains(subject.group().nameOr("")));
      case "ServiceAccount" ->
          subject.serviceAccount() != null
              && isAccount(
                  subject.serviceAccount().namespaceOr(""),
                  subject.serviceAccount().nameOr(""),
                  request.user().name());
      default -> false;
    };
  }

  private static boolean isAccount(String namespace, String name, String user) {
    String prefix = ACCOUNT + namespace + ":";
    return user.startsWith(prefix) && is(name, user.substring(prefix.length()));
  }

  private static boolean is(String wanted, String found) {
    return wanted.equals("*") || wanted.equals(found);
  }

  private static boolean matches(ResourcePolicyRule rule, String verb, Target target) {
    String resource =
        target.subresource().isEmpty()
            ? target.resource()
            : target.resource() + "/" + target.subresource();
    boolean what =
        holds(rule.verbs(), verb)
            && holds(rule.apiGroups(), target.group())
            && holds(rule.resources(), resource);
    return what
        && (target.namespace().isEmpty()
            ? rule.clusterScopeOr(false)
            : holds(rule.namespaces(), target.namespace()));
  }

  private static boolean matches(NonResourcePolicyRule rule, FlowRequest request) {
    return holds(rule.verbs(), request.verb())
        && rule.nonResourceURLs().stream().anyMatch(url -> covers(url, request.path()));
  }

  private static boolean covers(String pattern, String path) {
    return pattern.equals("*")
        || pattern.equals(path)
        || (pattern.endsWith("*") && path.startsWith(pattern.substring(0, pattern.length() - 1)));
  }

  private static boolean holds(List<String> wanted, String found) {
    return wanted.contains("*") || wanted.contains(found);
  }
}
