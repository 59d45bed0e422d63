package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.matching.Matching;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A binding of a policy. Immutable.
 *
 * @param matching narrows the policy's own; empty: does not
 * @param paramRef which parameters; empty: none
 * @param actions of a validating one: {@code Deny}, {@code Warn}, {@code Audit}
 */
record Binding(
    String name,
    String policy,
    Optional<Matching> matching,
    Optional<Obj> paramRef,
    List<String> actions) {

  static Binding of(Obj binding) {
    Obj spec = binding.child("spec");
    return new Binding(
        binding.child("metadata").text("name"),
        spec.text("policyName"),
        spec.find("matchResources").filter(m -> !m.map().isEmpty()).map(Binding::matching),
        spec.find("paramRef"),
        spec.texts("validationActions"));
  }

  /** Without rules, a binding narrows by selectors only. */
  private static Matching matching(Obj resources) {
    if (!resources.values("resourceRules").isEmpty()) {
      return Matching.ofResources(resources);
    }
    Obj all = Obj.root(dev.kapell.apiserver.tree.Trees.copy(resources.map()));
    List<String> any = List.of("*");
    all.put(
        "resourceRules",
        List.of(
            Obj.tree(
                "operations",
                any,
                "apiGroups",
                any,
                "apiVersions",
                any,
                "resources",
                List.of("*/*"))));
    return Matching.ofResources(all);
  }

  boolean does(String action) {
    return Set.copyOf(actions).contains(action);
  }
}
