package dev.kapell.apiserver.computed;

import dev.kapell.apiserver.request.Resource;
import java.util.List;
import java.util.Optional;

/** The group and version of resources that are computed: no subresources, nothing to select by. */
public record Family(String group, String version) {
  /**
   * One of its resources.
   *
   * @param singular empty where the plural is the only name
   */
  public Resource resource(
      String kind, String plural, String singular, boolean namespaced, List<String> verbs) {
    return new Resource(
        group,
        version,
        kind,
        plural,
        singular,
        namespaced,
        List.of(),
        List.of(),
        verbs,
        List.of(),
        Optional.empty(),
        Resource.Custom.NONE);
  }
}
