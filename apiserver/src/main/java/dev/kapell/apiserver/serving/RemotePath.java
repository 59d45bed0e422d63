package dev.kapell.apiserver.serving;

import dev.kapell.apiserver.aggregation.Aggregation;
import java.util.Optional;

/**
 * The discovery or OpenAPI document of a group and version that another server serves.
 *
 * @param group the API group
 * @param version for instance {@code v1}
 */
record RemotePath(String group, String version) {
  private static final String DISCOVERY = "/apis/";
  private static final String OPENAPI = "/openapi/v3/apis/";

  /** What {@code path} names, if that is such a document. */
  static Optional<RemotePath> of(String path, Aggregation aggregation) {
    String root = path.startsWith(OPENAPI) ? OPENAPI : DISCOVERY;
    if (!path.startsWith(root)) {
      return Optional.empty();
    }
    String[] parts = path.substring(root.length()).split("/", -1);
    boolean exact = parts.length == 2 || (parts.length == 3 && parts[2].isEmpty());
    return exact && aggregation.serves(parts[0], parts[1])
        ? Optional.of(new RemotePath(parts[0], parts[1]))
        : Optional.empty();
  }
}
