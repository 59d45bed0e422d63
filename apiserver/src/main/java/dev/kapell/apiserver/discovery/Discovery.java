package dev.kapell.apiserver.discovery;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.request.Catalog;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.http.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Answers {@code /api}, {@code /apis} and what is below, but for resources. Thread-safe. */
public final class Discovery {
  /**
   * One document.
   *
   * @param mediaType its {@code Content-Type}
   * @param body its bytes, not to be changed
   * @param etag for conditional requests; empty for none
   */
  public record Document(String mediaType, byte[] body, String etag) {}

  private record Picture(long generation, Groups groups, Map<String, Document> documents) {}

  private final Catalog catalog;
  private final Priorities priorities;
  private final String address;
  private volatile @Nullable Picture picture;

  /**
   * @param priorities in which order clients are to prefer groups and versions
   * @param address where clients reach the server, {@code host:port}
   */
  public Discovery(Catalog catalog, Priorities priorities, String address) {
    this.catalog = catalog;
    this.priorities = priorities;
    this.address = address;
  }

  private Picture picture() {
    long generation = catalog.generation();
    Picture known = picture;
    if (known == null || known.generation() != generation) {
      known =
          new Picture(generation, Groups.of(catalog.all(), priorities), new ConcurrentHashMap<>());
      picture = known;
    }
    return known;
  }

  /** The document at {@code path}; empty when there is none. */
  public Optional<Document> find(String path, Headers headers) {
    String clean =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    boolean root = clean.equals("/api") || clean.equals("/apis");
    String aggregated = root ? aggregatedVersion(headers) : "";
    Picture now = picture();
    Document document = now.documents().get(aggregated + clean);
    if (document == null) {
      Map<String, Object> tree = tree(now.groups(), clean, aggregated);
      if (tree == null) {
        return Optional.empty();
      }
      document = document(tree, aggregated);
      now.documents().put(aggregated + clean, document);
    }
    return Optional.of(document);
  }

  private @Nullable Map<String, Object> tree(Groups groups, String path, String aggregated) {
    String[] parts = path.substring(1).split("/", -1);
    if (parts[0].equals("api")) {
      return switch (parts.length) {
        case 1 ->
            aggregated.isEmpty()
                ? Documents.legacy(address)
                : Documents.aggregated(groups, aggregated, true);
        case 2 -> resources(groups, "", parts[1]);
        default -> null;
      };
    }
    return switch (parts.length) {
      case 1 ->
          aggregated.isEmpty()
              ? Documents.groupList(groups)
              : Documents.aggregated(groups, aggregated, false);
      case 2 -> group(groups, parts[1]);
      case 3 -> resources(groups, parts[1], parts[2]);
      default -> null;
    };
  }

  private static @Nullable Map<String, Object> group(Groups groups, String group) {
    Map<String, List<Resource>> versions = groups.byGroup().get(group);
    if (versions == null || group.isEmpty()) {
      return null;
    }
    Map<String, Object> tree = new java.util.LinkedHashMap<>();
    tree.put("kind", "APIGroup");
    tree.put("apiVersion", "v1");
    tree.putAll(Documents.group(group, versions));
    return tree;
  }

  private static @Nullable Map<String, Object> resources(
      Groups groups, String group, String version) {
    List<Resource> resources = groups.byGroup().getOrDefault(group, Map.of()).get(version);
    return resources == null
        ? null
        : Documents.resourceList(Groups.apiVersion(group, version), resources);
  }

  /** The version of aggregated discovery that the client prefers; empty for the plain form. */
  private static String aggregatedVersion(Headers headers) {
    for (String header : headers.all("Accept")) {
      for (String part : header.split(",", -1)) {
        String type = part.toLowerCase(Locale.ROOT).replace(" ", "");
        boolean json = type.startsWith("application/json");
        if (json
            && type.contains("g=apidiscovery.k8s.io")
            && type.contains("as=apigroupdiscoverylist")) {
          if (type.contains("v=v2beta1")) {
            return "v2beta1";
          }
          if (type.contains("v=v2")) {
            return "v2";
          }
        } else if (json && !type.contains("as=")) {
          return "";
        }
      }
    }
    return "";
  }

  private static Document document(Map<String, Object> tree, String aggregated) {
    byte[] body = JsonCodec.writeTree(tree);
    String mediaType =
        aggregated.isEmpty()
            ? "application/json"
            : "application/json;g=apidiscovery.k8s.io;v="
                + aggregated
                + ";as=APIGroupDiscoveryList";
    return new Document(mediaType, body, aggregated.isEmpty() ? "" : etag(body));
  }

  private static String etag(byte[] body) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(body);
      return "\"" + HexFormat.of().withUpperCase().formatHex(sum) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The paths of the index at {@code /}. */
  public byte[] index(List<String> others) {
    java.util.TreeSet<String> paths = new java.util.TreeSet<>(others);
    paths.add("/api");
    paths.add("/apis");
    picture()
        .groups()
        .byGroup()
        .forEach(
            (group, versions) -> {
              for (String version : versions.keySet()) {
                paths.add(group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version);
              }
              if (!group.isEmpty()) {
                paths.add("/apis/" + group);
              }
            });
    String list = String.join("\",\"", paths);
    return ("{\"paths\":[\"" + list + "\"]}").getBytes(StandardCharsets.UTF_8);
  }
}
