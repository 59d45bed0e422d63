package dev.kapell.apiserver.discovery;

import dev.kapell.api.GroupVersion;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** The documents of plain and aggregated discovery, as trees. Pure. */
final class Documents {
  private Documents() {}

  /** {@code /api}. */
  static Map<String, Object> legacy(String address) {
    return Obj.tree(
        "kind", "APIVersions",
        "versions", List.of("v1"),
        "serverAddressByClientCIDRs",
            List.of(Obj.tree("clientCIDR", "0.0.0.0/0", "serverAddress", address)));
  }

  /** {@code /apis}. */
  static Map<String, Object> groupList(Groups groups) {
    List<Object> list = new ArrayList<>();
    groups
        .byGroup()
        .forEach(
            (group, versions) -> {
              if (!group.isEmpty()) {
                list.add(group(group, versions));
              }
            });
    return Obj.tree("kind", "APIGroupList", "apiVersion", "v1", "groups", list);
  }

  /** {@code /apis/GROUP}. */
  static Map<String, Object> group(String group, Map<String, List<Resource>> versions) {
    List<Object> all = new ArrayList<>();
    for (String version : versions.keySet()) {
      all.add(Obj.tree("groupVersion", Groups.apiVersion(group, version), "version", version));
    }
    return Obj.tree("name", group, "versions", all, "preferredVersion", all.getFirst());
  }

  /** {@code /api/v1} or {@code /apis/GROUP/VERSION}. */
  static Map<String, Object> resourceList(String apiVersion, List<Resource> resources) {
    List<Object> list = new ArrayList<>();
    for (Resource resource : resources) {
      list.add(resource(resource));
      for (Resource.Subresource sub : resource.subresources()) {
        list.add(subresource(resource, sub));
      }
    }
    return Obj.tree(
        "kind",
        "APIResourceList",
        "apiVersion",
        "v1",
        "groupVersion",
        apiVersion,
        "resources",
        list);
  }

  private static Map<String, Object> resource(Resource resource) {
    Map<String, Object> entry =
        Obj.tree(
            "name", resource.plural(),
            "singularName", resource.singular(),
            "namespaced", resource.namespaced(),
            "kind", resource.kind(),
            "verbs", sorted(resource.verbs()));
    putNames(resource, entry);
    if (resource.verbs().contains("create") && resource.verbs().contains("watch")) {
      entry.put("storageVersionHash", storageHash(resource));
    }
    return entry;
  }

  private static void putNames(Resource resource, Map<String, Object> entry) {
    if (!resource.shortNames().isEmpty()) {
      entry.put("shortNames", resource.shortNames());
    }
    if (!resource.categories().isEmpty()) {
      entry.put("categories", resource.categories());
    }
  }

  private static String storageHash(Resource resource) {
    CRC32 sum = new CRC32();
    sum.update(
        (resource.apiVersion() + "/" + resource.kind())
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    byte[] bytes =
        java.nio.ByteBuffer.allocate(8).putLong(sum.getValue() * 0x9E3779B97F4A7C15L).array();
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Map<String, Object> subresource(Resource resource, Resource.Subresource sub) {
    Map<String, Object> entry =
        Obj.tree(
            "name",
            resource.plural() + "/" + sub.name(),
            "singularName",
            "",
            "namespaced",
            resource.namespaced());
    String apiVersion = sub.apiVersion().isEmpty() ? resource.apiVersion() : sub.apiVersion();
    if (!apiVersion.equals(resource.apiVersion())) {
      GroupVersion other = GroupVersion.of(apiVersion);
      entry.put("group", other.group());
      entry.put("version", other.version());
    }
    entry.put("kind", sub.kind());
    entry.put("verbs", sorted(sub.verbs()));
    return entry;
  }

  private static List<String> sorted(List<String> verbs) {
    return verbs.stream().sorted().toList();
  }

  /**
   * Everything in one document ({@code APIGroupDiscoveryList}).
   *
   * @param version of {@code apidiscovery.k8s.io}
   * @param core the core group (for {@code /api}) or all others (for {@code /apis})
   */
  static Map<String, Object> aggregated(Groups groups, String version, boolean core) {
    List<Object> items = new ArrayList<>();
    groups
        .byGroup()
        .forEach(
            (group, versions) -> {
              if (group.isEmpty() == core) {
                items.add(aggregatedGroup(group, versions));
              }
            });
    return Obj.tree(
        "kind",
        "APIGroupDiscoveryList",
        "apiVersion",
        "apidiscovery.k8s.io/" + version,
        "metadata",
        new LinkedHashMap<String, Object>(),
        "items",
        items);
  }

  private static Map<String, Object> aggregatedGroup(
      String group, Map<String, List<Resource>> versions) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    if (!group.isEmpty()) {
      metadata.put("name", group);
    }
    List<Object> list = new ArrayList<>();
    versions.forEach(
        (version, resources) ->
            list.add(
                Obj.tree(
                    "version",
                    version,
                    "resources",
                    resources.stream().map(Documents::aggregatedResource).toList(),
                    "freshness",
                    "Current")));
    return Obj.tree("metadata", metadata, "versions", list);
  }

  private static Map<String, Object> aggregatedResource(Resource resource) {
    Map<String, Object> entry =
        Obj.tree(
            "resource", resource.plural(),
            "responseKind", kind(resource.apiVersion(), resource.kind()),
            "scope", resource.namespaced() ? "Namespaced" : "Cluster",
            "singularResource", resource.singular(),
            "verbs", sorted(resource.verbs()));
    putNames(resource, entry);
    if (!resource.subresources().isEmpty()) {
      List<Object> subresources = new ArrayList<>();
      for (Resource.Subresource sub : resource.subresources()) {
        String apiVersion = sub.apiVersion().isEmpty() ? resource.apiVersion() : sub.apiVersion();
        subresources.add(
            Obj.tree(
                "subresource", sub.name(),
                "responseKind", kind(apiVersion, sub.kind()),
                "verbs", sorted(sub.verbs())));
      }
      entry.put("subresources", subresources);
    }
    return entry;
  }

  private static Map<String, Object> kind(String apiVersion, String kind) {
    GroupVersion named = GroupVersion.of(apiVersion);
    return Obj.tree("group", named.group(), "version", named.version(), "kind", kind);
  }
}
