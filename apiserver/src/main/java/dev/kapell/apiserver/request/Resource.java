package dev.kapell.apiserver.request;

import dev.kapell.api.GroupVersion;
import dev.kapell.api.ResourceType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One served resource in one version: what discovery, OpenAPI and tables need to know of it.
 *
 * @param group the API group, empty for the core group
 * @param version for instance {@code v1}
 * @param kind for instance {@code Pod}
 * @param plural the path segment
 * @param singular for instance {@code pod}
 * @param namespaced whether objects live in namespaces
 * @param shortNames for instance {@code po}
 * @param categories for instance {@code all}
 * @param verbs in the words of discovery
 * @param subresources what can follow the name in a path
 * @param type the records of a built-in kind; empty for a custom one
 * @param custom of a custom kind: its schema and columns; empty maps for a built-in one
 */
public record Resource(
    String group,
    String version,
    String kind,
    String plural,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    List<String> verbs,
    List<Subresource> subresources,
    Optional<ResourceType<?>> type,
    Custom custom) {

  /** Copies the lists. */
  public Resource {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    verbs = List.copyOf(verbs);
    subresources = List.copyOf(subresources);
  }

  /**
   * A path segment after the name.
   *
   * @param name for instance {@code scale}
   * @param apiVersion of the body, where it is not the resource's own
   * @param kind of the body, for instance {@code Scale}
   * @param verbs in the words of discovery
   */
  public record Subresource(String name, String apiVersion, String kind, List<String> verbs) {
    /** Copies the list. */
    public Subresource {
      verbs = List.copyOf(verbs);
    }
  }

  /**
   * What a CustomResourceDefinition says of a version. The trees are not to be changed.
   *
   * @param schema {@code openAPIV3Schema}, empty for a built-in kind
   * @param printerColumns {@code additionalPrinterColumns}, in order
   * @param listKind for instance {@code WidgetList}
   */
  public record Custom(
      Map<String, Object> schema, List<Map<String, Object>> printerColumns, String listKind) {
    /** Of a built-in kind. */
    public static final Custom NONE = new Custom(Map.of(), List.of(), "");
  }

  /**
   * What the bodies of a path are.
   *
   * @param group of the kind, empty for the core group
   * @param version for instance {@code v1}
   * @param kind for instance {@code Scale}
   */
  public record Body(String group, String version, String kind) {
    /** As admission and discovery show it. */
    public Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("group", group);
      tree.put("version", version);
      tree.put("kind", kind);
      return tree;
    }
  }

  /** What is sent to {@code subresource}, or, when that is empty, to the resource itself. */
  public Body body(String subresource) {
    Optional<Subresource> other = foreign(subresource);
    GroupVersion named =
        other
            .map(sub -> GroupVersion.of(sub.apiVersion()))
            .orElseGet(() -> new GroupVersion(group, version));
    return new Body(named.group(), named.version(), other.map(Subresource::kind).orElse(kind));
  }

  /** Whether bodies of {@code subresource} are the resource itself, and not, say, a Scale. */
  public boolean hasOwnBody(String subresource) {
    return foreign(subresource).isEmpty();
  }

  private Optional<Subresource> foreign(String subresource) {
    return subresources.stream()
        .filter(sub -> sub.name().equals(subresource) && !sub.apiVersion().isEmpty())
        .findFirst();
  }

  /**
   * Whether {@code target} is a place for it: rights in a namespace must not lead to what belongs
   * to the whole cluster.
   */
  public boolean isAt(Target target) {
    return namespaced || target.namespace().isEmpty();
  }

  /** The same with columns of its own, each as in a definition's additionalPrinterColumns. */
  public Resource withColumns(List<Map<String, Object>> columns) {
    return new Resource(
        group,
        version,
        kind,
        plural,
        singular,
        namespaced,
        shortNames,
        categories,
        verbs,
        subresources,
        type,
        new Custom(custom.schema(), columns, custom.listKind()));
  }

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return new GroupVersion(group, version).toString();
  }

  /** {@code PodList}, or what the definition says. */
  public String listKind() {
    return custom.listKind().isEmpty() ? kind + "List" : custom.listKind();
  }

  /** {@code pods} or {@code deployments.apps}. */
  public String qualifiedName() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** {@code Pod} or {@code Deployment.apps}: how {@code Invalid} names the kind. */
  public String qualifiedKind() {
    return group.isEmpty() ? kind : kind + "." + group;
  }
}
