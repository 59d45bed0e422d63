package dev.kapell.apiserver.authorization;

import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.ClusterRoleBinding;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.api.rbac.v1.Role;
import dev.kapell.api.rbac.v1.RoleBinding;
import dev.kapell.api.rbac.v1.RoleRef;
import dev.kapell.api.rbac.v1.Subject;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All roles and who holds them, at one moment, by subject. Immutable. */
final class Grants {
  private record Holder(String namespace, String subject) {}

  private final Map<String, ClusterRole> clusterRoles;
  private final Map<ObjectKey, Role> roles;
  private final Map<Holder, List<RoleRef>> held = new HashMap<>();

  Grants(
      Map<ObjectKey, ClusterRole> clusterRoles,
      Map<ObjectKey, Role> roles,
      Collection<ClusterRoleBinding> clusterBindings,
      Collection<RoleBinding> bindings) {
    this.clusterRoles = new HashMap<>();
    clusterRoles.forEach((key, role) -> this.clusterRoles.put(key.name(), role));
    this.roles = Map.copyOf(roles);
    for (ClusterRoleBinding binding : clusterBindings) {
      add("", binding.subjects(), binding.roleRef());
    }
    for (RoleBinding binding : bindings) {
      add(binding.metadata().namespaceOr(""), binding.subjects(), binding.roleRef());
    }
  }

  private void add(String namespace, List<Subject> subjects, @Nullable RoleRef role) {
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
      held.computeIfAbsent(new Holder(namespace, holder), _ -> new ArrayList<>()).add(role);
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
    for (RoleRef ref : held.getOrDefault(holder, List.of())) {
      rules.addAll(rulesOf(ref.kindOr(""), holder.namespace(), ref.nameOr("")));
    }
  }

  /** The rules of a role; none when there is no such role. */
  List<PolicyRule> rulesOf(String kind, String namespace, String name) {
    if (kind.equals("ClusterRole")) {
      ClusterRole role = clusterRoles.get(name);
      return role == null ? List.of() : role.rules();
    }
    Role role = roles.get(new ObjectKey(namespace, name));
    return role == null ? List.of() : role.rules();
  }

  Collection<ClusterRole> clusterRoles() {
    return clusterRoles.values();
  }
}
