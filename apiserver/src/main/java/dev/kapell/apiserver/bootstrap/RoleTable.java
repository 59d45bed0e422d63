package dev.kapell.apiserver.bootstrap;

import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.rbac.v1.AggregationRule;
import dev.kapell.api.rbac.v1.ClusterRole;
import dev.kapell.api.rbac.v1.ClusterRoleBinding;
import dev.kapell.api.rbac.v1.PolicyRule;
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
  private String current = "";

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

  private void read(String raw) {
    String line = raw.strip();
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String[] words = line.split(" +");
    switch (words[0]) {
      case "role" -> role(words);
      case "gathers" -> gathers(words[1]);
      case "bind" -> bind(words[1], words[3], words[4]);
      default -> rule(line);
    }
  }

  private void role(String[] words) {
    current = words[1];
    Map<String, String> labels = new LinkedHashMap<>(BOOTSTRAPPING);
    for (int i = 4; i < words.length; i += 3) {
      labels.put(GROUP + "/aggregate-to-" + words[i], "true");
    }
    roles.put(current, ClusterRole.builder().metadata(meta(current, labels)).build());
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

  private void bind(String role, String kind, String name) {
    Subject.Builder subject = Subject.builder().kind(kind).name(name);
    if (!kind.equals("ServiceAccount")) {
      subject.apiGroup(GROUP);
    }
    ClusterRoleBinding known = bindings.get(role);
    List<Subject> subjects = new ArrayList<>(known == null ? List.of() : known.subjects());
    subjects.add(subject.build());
    bindings.put(
        role,
        ClusterRoleBinding.builder()
            .metadata(meta(role, BOOTSTRAPPING))
            .roleRef(RoleRef.builder().apiGroup(GROUP).kind("ClusterRole").name(role).build())
            .subjects(subjects)
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
      rule =
          PolicyRule.builder()
              .verbs(verbs(line.substring(0, in)))
              .apiGroups(
                  words(line.substring(in + 4, colon)).stream()
                      .map(group -> group.equals("core") ? "" : group)
                      .toList())
              .resources(words(line.substring(colon + 2)))
              .build();
    }
    ClusterRole role = roles.get(current);
    if (role == null) {
      throw new IllegalStateException("roles.txt: a rule outside of a role: " + line);
    }
    List<PolicyRule> rules = new ArrayList<>(role.rules());
    rules.add(rule);
    roles.put(current, role.withRules(rules));
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
