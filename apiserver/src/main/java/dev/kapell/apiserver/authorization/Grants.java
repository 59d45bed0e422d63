package dev.kapell.apiserver.authorization;

import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.ClusterRoleBinding;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.api.rbac.v1.Role;
import dev.kapell.api.rbac.v1.RoleBinding;
import dev.kapell.api.rbac.v1.RoleRef;
import dev.kapell.api.rbac.v1.Subject;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All roles and who holds them, at one moment, by subject. Immutable. */
final class Grants {
  private record Holder(String namespace, String subject) {}

  private final Map<String, ClusterRole> clusterRoles;
  private final Map<ObjectKey, Role> roles;
  private final Map<Holder, List<Held>> held = new HashMap<>();

  /**
   * A role that somebody holds.
   *
   * @param binding by which, for people
   */
  private record Held(RoleRef role, String binding) {
    @Override
    public String toString() {
      return binding + " of " + role.kindOr("") + " \"" + role.nameOr("") + "\"";
    }
  }

  Grants(
      Map<ObjectKey, ClusterRole> clusterRoles,
      Map<ObjectKey, Role> roles,
      Collection<ClusterRoleBinding> clusterBindings,
      Collection<RoleBinding> bindings) {
    this.clusterRoles = new HashMap<>();
    clusterRoles.forEach((key, role) -> this.clusterRoles.put(key.name(), role));
    this.roles = Map.copyOf(roles);
    for (ClusterRoleBinding binding : clusterBindings) {
      String name = "ClusterRoleBinding \"" + binding.metadata().nameOr("") + "\"";
      add("", name, binding.subjects(), binding.roleRef());
    }
    for (RoleBinding binding : bindings) {
      String namespace = binding.metadata().namespaceOr("");
      String name = "RoleBinding \"" + binding.metadata().nameOr("") + "/" + namespace + "\"";
      add(namespace, name, binding.subjects(), binding.roleRef());
    }
  }

  private void add(
      String namespace, String binding, List<Subject> subjects, @Nullable RoleRef role) {
    if (role == null) {
      return;
    }
    for (Subject subject : subjects) {
      String holder =
          switch (subject.kindOr("")) {
            case "ServiceAccount" ->
                "User system:serviceaccount:"
                    + subject.namespaceOr(namespace)
                    + ":"
                    + subject.nameOr("");
            default -> subject.kindOr("") + " " + subject.nameOr("");
          };
      held.computeIfAbsent(new Holder(namespace, holder), _ -> new ArrayList<>())
          .add(new Held(role, binding));
    }
  }

  /** What {@code user} may do everywhere, and, unless it is empty, in {@code namespace}. */
  List<PolicyRule> rules(User user, String namespace) {
    List<PolicyRule> rules = new ArrayList<>();
    collect("", user, rules);
    if (!namespace.isEmpty()) {
      collect(namespace, user, rules);
    }
    return rules;
  }

  private void collect(String namespace, User user, List<PolicyRule> rules) {
    collect(new Holder(namespace, "User " + user.name()), rules);
    for (String group : user.groups()) {
      collect(new Holder(namespace, "Group " + group), rules);
    }
  }

  private void collect(Holder holder, List<PolicyRule> rules) {
    for (Held each : held.getOrDefault(holder, List.of())) {
      rules.addAll(rulesOf(each, holder));
    }
  }

  private List<PolicyRule> rulesOf(Held each, Holder holder) {
    return rulesOf(each.role().kindOr(""), holder.namespace(), each.role().nameOr(""))
        .orElse(List.of());
  }

  /** What allows {@code action} to {@code user}, for people; empty when nothing does. */
  Optional<String> allowing(User user, Action action) {
    String namespace = action.target().map(Target::namespace).orElse("");
    Optional<String> everywhere = allowing("", user, action);
    return everywhere.isPresent() || namespace.isEmpty()
        ? everywhere
        : allowing(namespace, user, action);
  }

  private Optional<String> allowing(String namespace, User user, Action action) {
    Optional<String> own = allowing(namespace, "User", user.name(), action);
    if (own.isPresent()) {
      return own;
    }
    for (String group : user.groups()) {
      Optional<String> shared = allowing(namespace, "Group", group, action);
      if (shared.isPresent()) {
        return shared;
      }
    }
    return Optional.empty();
  }

  private Optional<String> allowing(String namespace, String kind, String name, Action action) {
    Holder holder = new Holder(namespace, kind + " " + name);
    for (Held each : held.getOrDefault(holder, List.of())) {
      for (PolicyRule rule : rulesOf(each, holder)) {
        if (Rules.covers(rule, action)) {
          return Optional.of(each + " to " + kind + " \"" + name + "\"");
        }
      }
    }
    return Optional.empty();
  }

  /** The rules of a role; empty when there is no such role. */
  Optional<List<PolicyRule>> rulesOf(String kind, String namespace, String name) {
    return kind.equals("ClusterRole")
        ? Optional.ofNullable(clusterRoles.get(name)).map(ClusterRole::rules)
        : Optional.ofNullable(roles.get(new ObjectKey(namespace, name))).map(Role::rules);
  }

  Collection<ClusterRole> clusterRoles() {
    return clusterRoles.values();
  }
}
