package dev.kapell.apiserver.openapi;

import dev.kapell.apiserver.request.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What definitions are called in the documents. */
final class Names {
  private Names() {}

  /** For {@code core.v1.Pod}: {@code io.k8s.api.core.v1.Pod}. */
  static String of(String type) {
    String label = type.substring(0, type.indexOf('.'));
    String home =
        switch (label) {
          case "meta" -> "io.k8s.apimachinery.pkg.apis.";
          case "apiextensions" -> "io.k8s.apiextensions-apiserver.pkg.apis.";
          case "apiregistration" -> "io.k8s.kube-aggregator.pkg.apis.";
          default -> "io.k8s.api.";
        };
    return home + type;
  }

  /** For a custom kind: the group backwards, the version, the kind. */
  static String of(Resource resource) {
    List<String> labels = new ArrayList<>(List.of(resource.group().split("\\.", -1)));
    Collections.reverse(labels);
    return String.join(".", labels) + "." + resource.version() + "." + resource.kind();
  }
}
