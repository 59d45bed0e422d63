package dev.kapell.apigenerator;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From the published names to the project's. */
final class Naming {
  private static final Pattern MODEL =
      Pattern.compile("([A-Z][a-z]+)?(V\\d+(?:(?:alpha|beta)\\d+)?)([A-Z].*)");

  /**
   * Words that no component can have as its name: of the language, of {@code Object}, and of every
   * record.
   */
  private static final Set<String> TAKEN =
      Set.of(
          "abstract",
          "assert",
          "boolean",
          "break",
          "byte",
          "case",
          "catch",
          "char",
          "class",
          "const",
          "continue",
          "default",
          "do",
          "double",
          "else",
          "enum",
          "extends",
          "final",
          "finally",
          "float",
          "for",
          "goto",
          "if",
          "implements",
          "import",
          "instanceof",
          "int",
          "interface",
          "long",
          "native",
          "new",
          "package",
          "private",
          "protected",
          "public",
          "return",
          "short",
          "static",
          "strictfp",
          "super",
          "switch",
          "synchronized",
          "this",
          "throw",
          "throws",
          "transient",
          "try",
          "void",
          "volatile",
          "while",
          "true",
          "false",
          "null",
          "hashCode",
          "toString",
          "equals",
          "getClass",
          "notify",
          "notifyAll",
          "wait",
          "clone",
          "finalize",
          "builder",
          "toBuilder");

  private static final Map<String, String> API_GROUPS =
      Map.ofEntries(
          Map.entry("core", ""),
          Map.entry("meta", ""),
          Map.entry("admission", "admission.k8s.io"),
          Map.entry("admissionregistration", "admissionregistration.k8s.io"),
          Map.entry("apidiscovery", "apidiscovery.k8s.io"),
          Map.entry("apiextensions", "apiextensions.k8s.io"),
          Map.entry("apiregistration", "apiregistration.k8s.io"),
          Map.entry("authentication", "authentication.k8s.io"),
          Map.entry("authorization", "authorization.k8s.io"),
          Map.entry("certificates", "certificates.k8s.io"),
          Map.entry("coordination", "coordination.k8s.io"),
          Map.entry("discovery", "discovery.k8s.io"),
          Map.entry("events", "events.k8s.io"),
          Map.entry("flowcontrol", "flowcontrol.apiserver.k8s.io"),
          Map.entry("internal", "internal.apiserver.k8s.io"),
          Map.entry("networking", "networking.k8s.io"),
          Map.entry("node", "node.k8s.io"),
          Map.entry("rbac", "rbac.authorization.k8s.io"),
          Map.entry("resource", "resource.k8s.io"),
          Map.entry("scheduling", "scheduling.k8s.io"),
          Map.entry("storage", "storage.k8s.io"),
          Map.entry("storagemigration", "storagemigration.k8s.io"));

  private Naming() {}

  /**
   * The record of a published class.
   *
   * @param group who hands it out, used where neither its name nor a message says more
   */
  static TypeName record(String model, String group, PublishedMessages messages) {
    Matcher matcher = MODEL.matcher(model);
    if (!matcher.matches()) {
      return new TypeName("meta", "v1", model);
    }
    String version = matcher.group(2).toLowerCase(Locale.ROOT);
    String name = matcher.group(3);
    if (matcher.group(1) != null) {
      return new TypeName(matcher.group(1).toLowerCase(Locale.ROOT), version, name);
    }
    TypeName meta = new TypeName("meta", version, name);
    TypeName reached = new TypeName(group, version, name);
    if (messages.find(meta).isPresent()) {
      return meta;
    }
    if (messages.find(reached).isPresent()) {
      return reached;
    }
    return messages.all().keySet().stream()
        .filter(n -> n.version().equals(version) && n.name().equals(name) && !isRetired(n))
        .findFirst()
        .orElse(reached);
  }

  /** Groups and versions that only old messages have. */
  static boolean isRetired(TypeName type) {
    return switch (type.group()) {
      case "extensions", "imagepolicy" -> true;
      case "apps",
          "rbac",
          "admission",
          "authorization",
          "authentication",
          "apiextensions",
          "events",
          "discovery" ->
          !type.version().equals("v1");
      case "autoscaling" -> type.version().startsWith("v2beta");
      default -> false;
    };
  }

  /** The API group's full name, empty for the core group. */
  static String apiGroup(String group) {
    return API_GROUPS.getOrDefault(group, group);
  }

  /** {@code apps/v1}. */
  static String apiVersion(TypeName type) {
    String group =
        type.name().startsWith("PartialObjectMetadata") ? "meta.k8s.io" : apiGroup(type.group());
    return group.isEmpty() ? type.version() : group + "/" + type.version();
  }

  /** The component of a JSON name. */
  static String component(String jsonName) {
    StringBuilder word = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < jsonName.length(); i++) {
      char c = jsonName.charAt(i);
      if (c == '$' || !Character.isJavaIdentifierPart(c)) {
        upper = !word.isEmpty();
      } else {
        word.append(
            upper ? Character.toUpperCase(c) : word.isEmpty() ? Character.toLowerCase(c) : c);
        upper = false;
      }
    }
    String name = word.toString();
    return TAKEN.contains(name) ? name + "_" : name;
  }

  /** A name without its punctuation and case, to find a field under its other name. */
  static String bare(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  /** {@code PERSISTENT_VOLUME} for {@code PersistentVolume}. */
  static String constant(String kind) {
    return kind.replaceAll("([a-z])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toUpperCase(Locale.ROOT);
  }
}
