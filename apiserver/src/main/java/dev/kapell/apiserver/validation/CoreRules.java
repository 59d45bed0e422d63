package dev.kapell.apiserver.validation;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ConfigMaps, Secrets, namespaces, nodes, quotas and limits. */
final class CoreRules {
  private static final int SECRET_LIMIT_BYTES = 1024 * 1024;

  /** As Kubernetes spells it in messages. */
  private static final String UNNAMED_KEY = "data[%s]";

  private static final Map<String, List<String>> SECRET_KEYS =
      Map.of(
          "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
          "kubernetes.io/dockercfg", List.of(".dockercfg"),
          "kubernetes.io/ssh-auth", List.of("ssh-privatekey"),
          "kubernetes.io/tls", List.of("tls.crt", "tls.key"));

  private CoreRules() {}

  static void addTo(Map<String, Rules> rows) {
    Rules configMap = CoreRules::configMap;
    rows.put("configmaps", configMap.onChange(CoreRules::frozen));
    Rules secret = CoreRules::secret;
    rows.put(
        "secrets",
        secret.onChange(
            (next, old, errors) -> {
              errors.immutable(next, old, "type");
              frozen(next, old, errors);
            }));
    Rules node = CoreRules::node;
    rows.put("nodes", node.onChange(CoreRules::nodeChange));
    rows.put(
        "resourcequotas",
        Rules.none()
            .onChange(
                (next, old, errors) ->
                    errors.immutable(next.child("spec"), old.child("spec"), "scopes")));
  }

  private static void configMap(Obj map, Errors errors) {
    long size = 0;
    for (String field : List.of("data", "binaryData")) {
      for (var entry : map.strings(field).entrySet()) {
        errors.format(map.key(field, entry.getKey()), entry.getKey(), Format.CONFIG_KEY);
        size += entry.getValue().length();
      }
    }
    for (String key : map.strings("binaryData").keySet()) {
      if (map.strings("data").containsKey(key)) {
        errors.invalid(map.key("data", key), key, "duplicate of key present in binaryData");
      }
    }
    if (size > SECRET_LIMIT_BYTES) {
      errors.add(FieldError.tooLong("", SECRET_LIMIT_BYTES));
    }
  }

  private static void secret(Obj secret, Errors errors) {
    Map<String, String> data = secret.strings("data");
    data.keySet().forEach(key -> errors.format(secret.key("data", key), key, Format.CONFIG_KEY));
    for (String key : SECRET_KEYS.getOrDefault(secret.text("type"), List.of())) {
      if (!data.containsKey(key)) {
        boolean unnamed = key.equals("ssh-privatekey");
        String path = unnamed ? UNNAMED_KEY + "[" + key + "]" : secret.key("data", key);
        errors.add(FieldError.required(path, ""));
      }
    }
    for (String key : List.of(".dockerconfigjson", ".dockercfg")) {
      if (data.containsKey(key)
          && SECRET_KEYS.getOrDefault(secret.text("type"), List.of()).contains(key)) {
        json(secret.key("data", key), data.get(key), errors);
      }
    }
    if (secret.text("type").equals("kubernetes.io/basic-auth")
        && !data.containsKey("username")
        && !data.containsKey("password")) {
      errors.add(FieldError.required(UNNAMED_KEY + "[username]", ""));
      errors.add(FieldError.required(UNNAMED_KEY + "[password]", ""));
    }
    if (secret.text("type").equals("kubernetes.io/service-account-token")
        && !secret
            .child("metadata")
            .strings("annotations")
            .containsKey("kubernetes.io/service-account.name")) {
      errors.add(
          FieldError.required("metadata.annotations[kubernetes.io/service-account.name]", ""));
    }
    long size = data.values().stream().mapToLong(value -> value.length() * 3L / 4).sum();
    if (size > SECRET_LIMIT_BYTES) {
      errors.add(FieldError.tooLong("data", SECRET_LIMIT_BYTES));
    }
  }

  private static void json(String path, String base64, Errors errors) {
    try {
      JsonCodec.readTree(Base64.getDecoder().decode(base64));
    } catch (DecodeException | IllegalArgumentException e) {
      errors.invalid(path, "<secret contents redacted>", "is no JSON");
    }
  }

  /** What is marked as immutable stays so, and stays as it is. */
  private static void frozen(Obj next, Obj old, Errors errors) {
    if (!old.flag("immutable")) {
      return;
    }
    if (!next.flag("immutable")) {
      errors.add(FieldError.forbidden("immutable", "field is immutable when `immutable` is set"));
    }
    for (String field : List.of("data", "binaryData")) {
      if (!Trees.same(next.get(field), old.get(field))) {
        errors.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
      }
    }
  }

  private static void node(Obj node, Errors errors) {
    Set<String> seen = new HashSet<>();
    List<Obj> taints = node.child("spec").items("taints");
    for (int i = 0; i < taints.size(); i++) {
      // Kubernetes looks for them in the metadata.
      Obj taint = Obj.at(taints.get(i).map(), "metadata.taints[" + i + "]");
      errors.format(taint.at("key"), taint.text("key"), Format.QUALIFIED_NAME);
      errors.format(taint, "value", Format.LABEL_VALUE);
      errors.requireOneOf(taint, "effect", List.of("NoSchedule", "PreferNoSchedule", "NoExecute"));
      if (!seen.add(taint.text("key") + ":" + taint.text("effect"))) {
        errors.add(
            FieldError.duplicate(
                taint.path(), taint.map(), "taints must be unique by key and effect pair"));
      }
    }
  }

  private static void nodeChange(Obj node, Obj old, Errors errors) {
    Obj spec = node.child("spec");
    Obj before = old.child("spec");
    boolean moved =
        !before.values("podCIDRs").isEmpty()
            && !Trees.same(spec.get("podCIDRs"), before.get("podCIDRs"));
    moved |=
        !before.text("podCIDR").isEmpty() && !spec.text("podCIDR").equals(before.text("podCIDR"));
    if (moved) {
      errors.add(
          FieldError.forbidden(
              "spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid"));
    }
    if (!before.text("providerID").isEmpty()
        && !spec.text("providerID").equals(before.text("providerID"))) {
      errors.add(
          FieldError.forbidden(
              "spec.providerID",
              "node updates may not change providerID except from \"\" to valid"));
    }
  }
}
