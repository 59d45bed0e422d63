package dev.kapell.apiserver.serving;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.authorization.Rules;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Pipeline;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Nobody gives away more than they have: writes to roles and bindings are tried dry first, and the
 * outcome's rules must be covered by the writer's own, unless they may {@code escalate} or {@code
 * bind}.
 */
final class Escalation {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final Set<String> ROLES = Set.of("roles", "clusterroles");
  private static final Set<String> BINDINGS = Set.of("rolebindings", "clusterrolebindings");

  private final Pipeline pipeline;
  private final Authorizer authorizer;

  Escalation(Pipeline pipeline, Authorizer authorizer) {
    this.pipeline = pipeline;
    this.authorizer = authorizer;
  }

  /** Throws 403 when the request would give away rights that its user does not have. */
  void check(ApiRequest request) throws InterruptedException {
    Target target = request.target();
    boolean role = ROLES.contains(target.resource());
    boolean write =
        switch (request.verb()) {
          case CREATE, UPDATE, PATCH -> true;
          case GET, LIST, WATCH, DELETE, DELETE_COLLECTION -> false;
        };
    if (!target.group().equals(GROUP)
        || !(role || BINDINGS.contains(target.resource()))
        || !write
        || request.user().groups().contains("system:masters")
        || !(pipeline.handle(dry(request)) instanceof Answer.Single outcome)) {
      return;
    }
    Obj object = Obj.root(ObjectWriter.tree(outcome.json()));
    String name = object.child("metadata").text("name");
    if (role
        ? may(request.user(), "escalate", target.named(name))
        : mayBind(request.user(), target, object)) {
      return;
    }
    List<PolicyRule> wanted =
        role
            ? JsonCodec.decode(
                    ClusterRole.CODEC,
                    JsonCodec.writeTree(Obj.tree("rules", object.values("rules"))))
                .rules()
            : granted(target, object);
    List<PolicyRule> held = authorizer.rules(request.user(), target.namespace());
    if (role && object.has("aggregationRule") && !coversAll(held)) {
      throw Failures.forbidden(
          outcome.resource(),
          name,
          "must have cluster-admin privileges to use the aggregationRule");
    }
    List<PolicyRule> missing = wanted.stream().filter(rule -> !Rules.covers(held, rule)).toList();
    if (!missing.isEmpty()) {
      throw Failures.forbidden(
          outcome.resource(),
          name,
          "user \"%s\" (groups=%s) is attempting to grant RBAC permissions not currently held:\n%s"
              .formatted(
                  request.user().name(),
                  quoted(request.user().groups(), " "),
                  missing.stream().map(Escalation::show).collect(Collectors.joining("\n"))));
    }
  }

  private static boolean coversAll(List<PolicyRule> held) {
    return Rules.EVERYTHING.stream().allMatch(rule -> Rules.covers(held, rule));
  }

  private boolean may(User user, String verb, Target target) {
    return authorizer.allows(user, Action.on(verb, target));
  }

  private boolean mayBind(User user, Target target, Obj binding) {
    Obj ref = binding.child("roleRef");
    boolean cluster = ref.text("kind").equals("ClusterRole");
    return may(
        user,
        "bind",
        new Target(
            GROUP,
            "v1",
            cluster ? "clusterroles" : "roles",
            target.namespace(),
            ref.text("name"),
            ""));
  }

  private List<PolicyRule> granted(Target target, Obj binding) {
    Obj ref = binding.child("roleRef");
    return authorizer.rulesOf(ref.text("kind"), target.namespace(), ref.text("name"));
  }

  private static ApiRequest dry(ApiRequest request) {
    Map<String, List<String>> query = new LinkedHashMap<>(request.options().other());
    query.put("dryRun", List.of("All"));
    return new ApiRequest(
        request.verb(),
        request.target(),
        request.user(),
        RequestOptions.parse(query),
        request.body());
  }

  private static String show(PolicyRule rule) {
    List<String> parts = new ArrayList<>();
    Map<String, List<String>> fields = new LinkedHashMap<>();
    fields.put("NonResourceURLs", rule.nonResourceURLs());
    fields.put("APIGroups", rule.apiGroups());
    fields.put("Resources", rule.resources());
    fields.put("ResourceNames", rule.resourceNames());
    fields.put("Verbs", rule.verbs());
    fields.forEach(
        (field, values) -> {
          if (!values.isEmpty()) {
            parts.add(field + ":" + quoted(values, ", "));
          }
        });
    return "{" + String.join(", ", parts) + "}";
  }

  private static String quoted(List<String> texts, String separator) {
    return texts.stream()
        .map(text -> '"' + text + '"')
        .collect(Collectors.joining(separator, "[", "]"));
  }
}
