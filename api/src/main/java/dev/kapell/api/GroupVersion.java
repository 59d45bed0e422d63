package dev.kapell.api;

/**
 * What {@code apiVersion} names.
 *
 * @param group the API group, empty for the core group
 * @param version for instance {@code v1}
 */
public record GroupVersion(String group, String version) {
  /** Of {@code v1} or {@code apps/v1}. */
  public static GroupVersion of(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return new GroupVersion(
        slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
  }

  /** {@code v1} or {@code apps/v1}. */
  @Override
  public String toString() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
