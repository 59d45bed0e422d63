package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;
import java.util.Locale;

/** CustomResourceDefinitions. */
final class DefinitionDefaults {
  private DefinitionDefaults() {}

  static void apiService(Obj apiService) {
    apiService.child("spec").find("service").ifPresent(service -> service.fill("port", 443L));
  }

  static void definition(Obj definition) {
    Obj spec = definition.make("spec");
    Obj names = spec.make("names");
    String kind = names.text("kind");
    if (!kind.isEmpty()) {
      if (names.text("singular").isEmpty()) {
        names.put("singular", kind.toLowerCase(Locale.ROOT));
      }
      if (names.text("listKind").isEmpty()) {
        names.put("listKind", kind + "List");
      }
    }
    spec.make("conversion").fill("strategy", "None");
    spec.child("conversion")
        .child("webhook")
        .child("clientConfig")
        .find("service")
        .ifPresent(service -> service.fill("port", 443L));
    for (Obj version : spec.items("versions")) {
      version.fill("served", false).fill("storage", false);
    }
  }
}
