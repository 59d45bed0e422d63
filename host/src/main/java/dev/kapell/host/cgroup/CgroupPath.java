package dev.kapell.host.cgroup;

/**
 * A group's place in the tree, below the hierarchy's root: {@code /kubepods/burstable/pod1234}.
 *
 * @param value starts with a slash and does not end with one; {@code /} is the root
 */
public record CgroupPath(String value) {
  /** The root of the tree. */
  public static final CgroupPath ROOT = new CgroupPath("/");

  /** Checks the shape. */
  public CgroupPath {
    boolean wellFormed = value.startsWith("/") && (value.length() == 1 || !value.endsWith("/"));
    if (!wellFormed || value.contains("..")) {
      throw new IllegalArgumentException("not a cgroup path: " + value);
    }
  }

  /** The group {@code name} below this one. */
  public CgroupPath child(String name) {
    return new CgroupPath(value.equals("/") ? "/" + name : value + "/" + name);
  }

  /** The path without its leading slash. */
  public String relative() {
    return value.substring(1);
  }

  @Override
  public String toString() {
    return value;
  }
}
