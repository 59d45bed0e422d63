package dev.kapell.apiserver.bootstrap;

import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.rbac.v1.AggregationRule;
import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.ClusterRoleBinding;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.api.rbac.v1.Role;
import dev.kapell.api.rbac.v1.RoleBinding;
import dev.kapell.api.rbac.v1.RoleRef;
import dev.kapell.api.rbac.v1.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The usual cluster roles and their bindings, read from {@code roles.txt}. */
final class RoleTable {
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final Map<String, String> BOOTSTRAPPING =
      Map.of("kubernetes.io/bootstrapping", "rbac-defaults");
  private static final List<String> READ = List.of("get", "list", "watch");
  private static final List<String> WRITE =
      List.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");

  private final Map<String, ClusterRole> roles = new LinkedHashMap<>();
  private final Map<String, ClusterRoleBinding> bindings = new LinkedHashMap<>();
  private final Map<String, Role> localRoles = new LinkedHashMap<>();
  private final Map<String, RoleBinding> localBindings = new LinkedHashMap<>();
  private Consumer<PolicyRule> current =
      rule -> {
        throw new IllegalStateException("roles.txt: a rule outside of a role: " + rule);
      };

  private RoleTable() {}

  static RoleTable load() {
    try (InputStream in = RoleTable.class.getResourceAsStream("roles.txt")) {
      if (in == null) {
        throw new IllegalStateException("roles.txt is missing from this program's files");
      }
      RoleTable table = new RoleTable();
      new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(table::read);
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<ClusterRole> roles() {
    return List.copyOf(roles.values());
  }

  List<ClusterRoleBinding> bindings() {
    return List.copyOf(bindings.values());
  }

  List<Role> localRoles() {
    return List.copyOf(localRoles.values());
  }

  List<RoleBinding> localBindings() {
    return List.copyOf(localBindings.values());
  }

  private void read(String raw) {
    String line = raw.strip();
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String[] words = line.split(" +");
    switch (words[0]) {
      case "role" -> role(words);
      case "gathers" -> gathers(words[1]);
      case "bind" -> bind(words[1], subject(words[3], words[4]));
      case "local" -> local(words[1], words[2]);
      case "bindlocal" -> bindLocal(words[1], words[2], subject(words[4], words[5]));
      default -> rule(line);
    }
  }

  private void role(String[] words) {
    String name = words[1];
    current =
        rule ->
            roles.computeIfPresent(name, (same, role) -> role.withRules(with(role.rules(), rule)));
    Map<String, String> labels = new LinkedHashMap<>(BOOTSTRAPPING);
    for (int i = 4; i < words.length; i += 3) {
      labels.put(GROUP + "/aggregate-to-" + words[i], "true");
    }
    roles.put(name, ClusterRole.builder().metadata(meta(name, labels)).build());
  }

  private void local(String namespace, String name) {
    String key = namespace + "/" + name;
    current =
        rule ->
            localRoles.computeIfPresent(
                key, (same, role) -> role.withRules(with(role.rules(), rule)));
    localRoles.put(
        key, Role.builder().metadata(meta(name, BOOTSTRAPPING).withNamespace(namespace)).build());
  }

  private static <T> List<T> with(List<T> items, T more) {
    List<T> all = new ArrayList<>(items);
    all.add(more);
    return all;
  }

  private void gathers(String name) {
    LabelSelector parts =
        LabelSelector.builder()
            .matchLabels(Map.of(GROUP + "/aggregate-to-" + name, "true"))
            .build();
    roles.put(
        name,
        ClusterRole.builder()
            .metadata(meta(name, BOOTSTRAPPING))
            .aggregationRule(AggregationRule.builder().clusterRoleSelectors(List.of(parts)).build())
            .build());
  }

  private static Subject subject(String kind, String name) {
    Subject.Builder subject = Subject.builder().kind(kind);
    if (!kind.equals("ServiceAccount")) {
      return subject.apiGroup(GROUP).name(name).build();
    }
    int colon = name.indexOf(':');
    return subject.namespace(name.substring(0, colon)).name(name.substring(colon + 1)).build();
  }

  private void bind(String role, Subject subject) {
    ClusterRoleBinding known = bindings.get(role);
    bindings.put(
        role,
        ClusterRoleBinding.builder()
            .metadata(meta(role, BOOTSTRAPPING))
            .roleRef(RoleRef.builder().apiGroup(GROUP).kind("ClusterRole").name(role).build())
            .subjects(with(known == null ? List.of() : known.subjects(), subject))
            .build());
  }

  private void bindLocal(String namespace, String role, Subject subject) {
    RoleBinding known = localBindings.get(namespace + "/" + role);
    localBindings.put(
        namespace + "/" + role,
        RoleBinding.builder()
            .metadata(meta(role, BOOTSTRAPPING).withNamespace(namespace))
            .roleRef(RoleRef.builder().apiGroup(GROUP).kind("Role").name(role).build())
            .subjects(with(known == null ? List.of() : known.subjects(), subject))
            .build());
  }

  private void rule(String line) {
    int at = line.indexOf(" at ");
    PolicyRule rule;
    if (at > 0) {
      rule =
          PolicyRule.builder()
              .verbs(verbs(line.substring(0, at)))
              .nonResourceURLs(words(line.substring(at + 4)))
              .build();
    } else {
      int in = line.indexOf(" in ");
      int colon = line.indexOf(": ");
      int named = line.indexOf(" named ");
      rule =
          PolicyRule.builder()
              .verbs(verbs(line.substring(0, in)))
              .apiGroups(
                  words(line.substring(in + 4, colon)).stream()
                      .map(group -> group.equals("core") ? "" : group)
                      .toList())
              .resources(
                  words(named < 0 ? line.substring(colon + 2) : line.substring(colon + 2, named)))
              .resourceNames(named < 0 ? List.of() : words(line.substring(named + 7)))
              .build();
    }
    current.accept(rule);
  }

  private static List<String> verbs(String text) {
    return switch (text.strip()) {
      case "ro" -> READ;
      case "rw" -> WRITE;
      default -> words(text);
    };
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.strip().split(" +"));
  }

  private static ObjectMeta meta(String name, Map<String, String> labels) {
    return ObjectMeta.builder()
        .name(name)
        .labels(labels)
        .annotations(Map.of("rbac.authorization.kubernetes.io/autoupdate", "true"))
        .build();
  }
}
