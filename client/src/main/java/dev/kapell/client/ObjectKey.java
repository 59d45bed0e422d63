package dev.kapell.client;

import dev.kapell.api.ApiObject;

/**
 * The name of an object of a known type.
 *
 * @param namespace empty for cluster-scoped objects
 * @param name the object's name
 */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {
  /** A cluster-scoped object. */
  public static ObjectKey cluster(String name) {
    return new ObjectKey("", name);
  }

  /** The name of {@code object}. */
  public static ObjectKey of(ApiObject object) {
    return new ObjectKey(object.metadata().namespaceOr(""), object.metadata().nameOr(""));
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code namespace/name}, or only the name. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
