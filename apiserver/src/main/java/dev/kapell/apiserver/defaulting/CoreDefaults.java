package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Secrets, namespaces and limit ranges. */
final class CoreDefaults {
  private CoreDefaults() {}

  static void secret(Obj secret) {
    secret.fill("type", "Opaque");
    Map<String, String> texts = secret.strings("stringData");
    if (!texts.isEmpty()) {
      Obj data = secret.make("data");
      texts.forEach(
          (key, text) ->
              data.put(
                  key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    }
    secret.drop("stringData"); // for writing only
  }

  static void namespace(Obj namespace) {
    Obj metadata = namespace.make("metadata");
    String name = metadata.text("name");
    if (!name.isEmpty()) {
      metadata.make("labels").put("kubernetes.io/metadata.name", name);
    }
  }

  /**
   * Of a container: the default follows the maximum, the default request the default or minimum.
   */
  static void limitRange(Obj range) {
    for (Obj limit : range.child("spec").items("limits")) {
      if (!limit.text("type").equals("Container")) {
        continue;
      }
      inherit(limit, "default", "max");
      inherit(limit, "defaultRequest", "default");
      inherit(limit, "defaultRequest", "min");
    }
  }

  private static void inherit(Obj limit, String to, String from) {
    limit.find(from).ifPresent(source -> source.map().forEach((k, v) -> limit.make(to).fill(k, v)));
  }

  /** The one network of pods and the list that begins with it: whoever knows one finds it. */
  static void node(Obj node) {
    Obj spec = node.make("spec");
    String network = spec.text("podCIDR");
    List<String> all = spec.texts("podCIDRs");
    if (!network.isEmpty() && all.isEmpty()) {
      spec.put("podCIDRs", new ArrayList<Object>(List.of(network)));
    } else if (network.isEmpty() && !all.isEmpty()) {
      spec.put("podCIDR", all.getFirst());
    }
  }
}
