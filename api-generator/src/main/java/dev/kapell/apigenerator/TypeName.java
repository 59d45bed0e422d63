package dev.kapell.apigenerator;

/**
 * The name of a record.
 *
 * @param group the package's word for the group, for instance {@code rbac}
 * @param version for instance {@code v1}
 * @param name for instance {@code Role}
 */
record TypeName(String group, String version, String name) implements Comparable<TypeName> {
  static final String ROOT = "dev.kapell.api";

  /** The Java package. */
  String javaPackage() {
    return ROOT + "." + group + "." + version;
  }

  /** {@code core.v1.Pod}. */
  String id() {
    return group + "." + version + "." + name;
  }

  /** The class's full name. */
  String javaName() {
    return javaPackage() + "." + name;
  }

  @Override
  public int compareTo(TypeName other) {
    return id().compareTo(other.id());
  }
}
