package dev.kapell.app.manifest;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which path serves a kind, from the server's own discovery; each group version is asked for once.
 */
public final class ResourceFinder {
  /**
   * A served kind.
   *
   * @param groupVersionPath for instance {@code /apis/apps/v1}
   * @param plural for instance {@code deployments}
   * @param kind for instance {@code Deployment}
   * @param namespaced whether its objects live in namespaces
   */
  public record Served(String groupVersionPath, String plural, String kind, boolean namespaced) {
    /** The collection's path. */
    public String collection(String namespace) {
      return groupVersionPath
          + (namespaced && !namespace.isEmpty() ? "/namespaces/" + namespace : "")
          + "/"
          + plural;
    }

    /** An object's path. */
    public String object(String namespace, String name) {
      return collection(namespace) + "/" + name;
    }

    /** How messages name it: {@code deployment.apps}, as kubectl does. */
    public String shownAs() {
      String lower = kind.toLowerCase(java.util.Locale.ROOT);
      String[] parts = groupVersionPath.split("/", -1);
      return parts.length == 4 ? lower + "." + parts[2] : lower;
    }
  }

  private final Connection connection;
  private final Map<String, List<?>> resourcesByGroupVersion = new HashMap<>();

  /** A finder over one connection. */
  public ResourceFinder(Connection connection) {
    this.connection = connection;
  }

  /** The path of {@code manifest}'s kind. Fails with a hint when the server does not serve it. */
  public Served find(Manifest manifest) {
    String apiVersion = manifest.apiVersion();
    String path = (apiVersion.indexOf('/') < 0 ? "/api/" : "/apis/") + apiVersion;
    for (Object resource : resources(path)) {
      if (Tree.text(resource, "kind").equals(manifest.kind())
          && Tree.text(resource, "name").indexOf('/') < 0) {
        return served(path, resource);
      }
    }
    throw new UserError(
        manifest.source()
            + ": the server knows no kind "
            + manifest.kind()
            + " in "
            + apiVersion
            + "; `kapell kubectl api-resources` lists what it serves");
  }

  /**
   * The kind that a person means by {@code word}: a plural, singular, kind or short name, also with
   * a group behind a dot.
   */
  public Optional<Served> named(String word) {
    String wanted = word.toLowerCase(java.util.Locale.ROOT);
    for (String path : allGroupVersions()) {
      String[] parts = path.split("/", -1);
      String group = parts.length == 4 ? parts[2] : "";
      for (Object resource : resources(path)) {
        String plural = Tree.text(resource, "name");
        if (plural.indexOf('/') < 0
            && (wanted.equals(plural)
                || wanted.equals(Tree.text(resource, "singularName"))
                || wanted.equals(Tree.text(resource, "kind").toLowerCase(java.util.Locale.ROOT))
                || Tree.list(resource, "shortNames").contains(wanted)
                || wanted.equals(plural + "." + group))) {
          return Optional.of(served(path, resource));
        }
      }
    }
    return Optional.empty();
  }

  private static Served served(String path, Object resource) {
    return new Served(
        path,
        Tree.text(resource, "name"),
        Tree.text(resource, "kind"),
        Boolean.TRUE.equals(Tree.at(resource, "namespaced")));
  }

  private List<String> allGroupVersions() {
    Connection.Answer answer = connection.get("/apis", "application/json");
    List<String> paths = new java.util.ArrayList<>(List.of("/api/v1"));
    if (answer.isSuccess()) {
      for (Object group : Tree.list(JsonCodec.readTree(answer.body()), "groups")) {
        paths.add("/apis/" + Tree.text(group, "preferredVersion", "groupVersion"));
      }
    }
    return paths;
  }

  private List<?> resources(String path) {
    return resourcesByGroupVersion.computeIfAbsent(
        path,
        asked -> {
          Connection.Answer answer = connection.get(asked, "application/json");
          return answer.isSuccess()
              ? Tree.list(JsonCodec.readTree(answer.body()), "resources")
              : List.of();
        });
  }
}
