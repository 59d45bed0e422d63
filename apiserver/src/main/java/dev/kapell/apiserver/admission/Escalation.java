package dev.kapell.apiserver.admission;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.authorization.Rules;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Nobody gives away more than they have: the rules of a role or binding, as it is about to be
 * stored, must be covered by the writer's own, unless they may {@code escalate} or {@code bind}.
 */
public final class Escalation implements Admission {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final Set<String> ROLES = Set.of("roles", "clusterroles");
  private static final Set<String> BINDINGS = Set.of("rolebindings", "clusterrolebindings");

  private final Supplier<Optional<Authorizer>> authorizers;

  /** {@code authorizers} has one as soon as anybody can ask; before, nobody gives away anything. */
  public Escalation(Supplier<Optional<Authorizer>> authorizers) {
    this.authorizers = authorizers;
  }

  @Override
  public void validate(Attempt attempt, Obj object) {
    Target target = attempt.request().target();
    User user = attempt.request().user();
    boolean role = ROLES.contains(target.resource());
    boolean write =
        attempt.operation() == Operation.CREATE || attempt.operation() == Operation.UPDATE;
    if (!target.group().equals(GROUP)
        || !(role || BINDINGS.contains(target.resource()))
        || !write
        || user.groups().contains("system:masters")) {
      return;
    }
    String name = object.child("metadata").text("name");
    Authorizer authorizer =
        authorizers
            .get()
            .orElseThrow(
                () ->
                    Failures.forbidden(
                        attempt.resource(), name, "the server has no authorizer yet"));
    boolean trusted =
        role
            ? authorizer.allows(user, Action.on("escalate", target.named(name)))
            : mayBind(authorizer, user, target, object);
    if (!trusted) {
      requireHeld(attempt, object, authorizer, role);
    }
  }

  private static void requireHeld(
      Attempt attempt, Obj object, Authorizer authorizer, boolean role) {
    User user = attempt.request().user();
    Target target = attempt.request().target();
    String name = object.child("metadata").text("name");
    List<PolicyRule> wanted = role ? rules(object) : granted(authorizer, target, object);
    List<PolicyRule> held = authorizer.rules(user, target.namespace());
    if (role && object.has("aggregationRule") && !coversAll(held)) {
      throw Failures.forbidden(
          attempt.resource(),
          name,
          "must have cluster-admin privileges to use the aggregationRule");
    }
    List<PolicyRule> missing = wanted.stream().filter(rule -> !Rules.covers(held, rule)).toList();
    if (!missing.isEmpty()) {
      throw Failures.forbidden(
          attempt.resource(),
          name,
          "user \"%s\" (groups=%s) is attempting to grant RBAC permissions not currently held:\n%s"
              .formatted(
                  user.name(),
                  quoted(user.groups(), " "),
                  missing.stream().map(Escalation::show).collect(Collectors.joining("\n"))));
    }
  }

  private static List<PolicyRule> rules(Obj role) {
    byte[] rules = JsonCodec.writeTree(Obj.tree("rules", role.values("rules")));
    return JsonCodec.decode(ClusterRole.CODEC, rules).rules();
  }

  private static boolean coversAll(List<PolicyRule> held) {
    return Rules.EVERYTHING.stream().allMatch(rule -> Rules.covers(held, rule));
  }

  private static boolean mayBind(Authorizer authorizer, User user, Target target, Obj binding) {
    Obj ref = binding.child("roleRef");
    boolean cluster = ref.text("kind").equals("ClusterRole");
    return authorizer.allows(
        user,
        Action.on(
            "bind",
            new Target(
                GROUP,
                "v1",
                cluster ? "clusterroles" : "roles",
                target.namespace(),
                ref.text("name"),
                "")));
  }

  /** What a role that is not there will allow nobody knows: it is not theirs to give. */
  private static List<PolicyRule> granted(Authorizer authorizer, Target target, Obj binding) {
    Obj ref = binding.child("roleRef");
    String kind = ref.text("kind");
    String name = ref.text("name");
    String plural = kind.equals("ClusterRole") ? "clusterroles" : "roles";
    return authorizer
        .rulesOf(kind, target.namespace(), name)
        .orElseThrow(() -> Failures.notFound(GROUP, plural, name));
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
