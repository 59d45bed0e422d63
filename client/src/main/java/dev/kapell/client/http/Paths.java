package dev.kapell.client.http;

import dev.kapell.api.ResourceType;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The API's addresses. Pure. */
final class Paths {
  private Paths() {}

  /** All objects of a type, or those in one namespace. */
  static String collection(ResourceType<?> type, String namespace) {
    String root = type.group().isEmpty() ? "/api/" : "/apis/";
    String inside =
        type.namespaced() && !namespace.isEmpty() ? "/namespaces/" + encoded(namespace) : "";
    return root + type.apiVersion() + inside + "/" + type.plural();
  }

  static String object(ResourceType<?> type, ObjectKey key) {
    return collection(type, key.namespace()) + "/" + encoded(key.name());
  }

  static String subresource(ResourceType<?> type, ObjectKey key, String subresource) {
    return object(type, key) + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  static String listing(ResourceType<?> type, ListQuery query) {
    return new Query(collection(type, query.namespace()))
        .add("labelSelector", query.labelSelector())
        .add("fieldSelector", query.fieldSelector())
        .toString();
  }

  static String watch(ResourceType<?> type, ListQuery query, String resourceVersion) {
    return new Query(collection(type, query.namespace()))
        .add("labelSelector", query.labelSelector())
        .add("fieldSelector", query.fieldSelector())
        .add("watch", "true")
        .add("allowWatchBookmarks", "true")
        .add("resourceVersion", resourceVersion)
        .toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A path that grows a query. */
  static final class Query {
    private final StringBuilder path;
    private char separator = '?';

    Query(String path) {
      this.path = new StringBuilder(path);
    }

    /** Adds a parameter unless it is empty. */
    Query add(String name, String value) {
      if (!value.isEmpty()) {
        path.append(separator).append(name).append('=').append(encoded(value));
        separator = '&';
      }
      return this;
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }
}
