package dev.kapell.app.manifest;

import dev.kapell.app.manifest.ResourceFinder.Served;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What manifests bring into being for one another. Pure.
 *
 * @param namespaces the namespaces among them
 * @param definesKinds whether there are definitions of kinds among them
 */
record Companions(Set<String> namespaces, boolean definesKinds) {
  Companions {
    namespaces = Set.copyOf(namespaces);
  }

  static Companions of(List<Manifest> manifests) {
    Set<String> namespaces = new HashSet<>();
    boolean definesKinds = false;
    for (Manifest manifest : manifests) {
      if (manifest.kind().equals("Namespace")) {
        namespaces.add(manifest.name());
      }
      definesKinds |= manifest.kind().equals("CustomResourceDefinition");
    }
    return new Companions(namespaces, definesKinds);
  }

  /** Whether the kind of {@code manifest} may be one that another of them defines. */
  boolean mayDefine(Manifest manifest) {
    return definesKinds
        && manifest.apiVersion().contains(".")
        && !manifest.apiVersion().contains(".k8s.io/");
  }

  /** Whether {@code name} is one of the namespaces among them. */
  boolean bringNamespace(String name) {
    return namespaces.contains(name);
  }

  /** How a kind will be served that is not yet; whether in namespaces, its objects tell. */
  static Served served(Manifest manifest) {
    return new Served(
        "/apis/" + manifest.apiVersion(),
        manifest.kind().toLowerCase(Locale.ROOT),
        manifest.kind(),
        !manifest.namespace().isEmpty());
  }
}
