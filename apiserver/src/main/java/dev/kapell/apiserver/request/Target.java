package dev.kapell.apiserver.request;

import dev.kapell.api.GroupVersion;

/**
 * What a request is about, taken from its path.
 *
 * @param group the API group, empty for the core group
 * @param version for instance {@code v1}
 * @param resource the plural, for instance {@code pods}
 * @param namespace empty for cluster-scoped resources and for all namespaces
 * @param name empty for collections
 * @param subresource for instance {@code status}; empty for the object itself
 */
public record Target(
    String group,
    String version,
    String resource,
    String namespace,
    String name,
    String subresource) {

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return new GroupVersion(group, version).toString();
  }

  /** {@code pods} or {@code deployments.apps}: how messages name the resource. */
  public String qualifiedResource() {
    return group.isEmpty() ? resource : resource + "." + group;
  }

  /** The same with another name. */
  public Target named(String other) {
    return new Target(group, version, resource, namespace, other, subresource);
  }
}
