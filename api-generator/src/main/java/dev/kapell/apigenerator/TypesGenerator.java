package dev.kapell.apigenerator;

import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
public class TypesGenerator {
  public static void main(String[] a) throws Exception {
    Path out = Path.of(a[1]).resolve("dev/kapell/api/Types.java");
    StringBuilder b = new StringBuilder("package dev.kapell.api;\n\nimport java.util.List;\nimport java.util.Optional;\n\n/** Generated: every built-in kind that is served. */\npublic final class Types {\n");
    List<String> names = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(a[0]))) {
      if (line.startsWith("#") || line.isBlank()) continue;
      String[] c = line.split("\t", -1);
      String pkg = c[0].substring(0, c[0].indexOf('.')), version = c[0].substring(c[0].indexOf('.') + 1);
      String group = Generator.GROUPS.get(pkg);
      String cls = "dev.kapell.api." + c[0] + "." + c[1];
      String constant = c.length > 8 && !c[8].isBlank() ? c[8] : c[1].replaceAll("([a-z])([A-Z])", "$1_$2").replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2").toUpperCase(Locale.ROOT);
      names.add(constant);
      b.append("  /** {@code ").append(c[2]).append("} of ").append(group.isEmpty() ? version : group + "/" + version).append(". */\n  public static final ResourceType<").append(cls).append("> ").append(constant).append(" =\n      new ResourceType<>(\"").append(group).append("\", \"").append(version).append("\", \"").append(c[1]).append("\", \"").append(c[2]).append("\", \"").append(c[3]).append("\", ").append(c[4].equals("Namespaced")).append(", ").append(list(c[5])).append(", ").append(list(c[6])).append(", ").append(list(c[7])).append(", ").append(cls).append(".CODEC, ").append(cls).append("::withMetadata);\n\n");
    }
    b.append("  private static final List<ResourceType<?>> ALL =\n      List.of(").append(String.join(", ", names)).append(");\n\n  private Types() {}\n\n  /** All of them. */\n  public static List<ResourceType<?>> all() {\n    return ALL;\n  }\n\n  /** The kind of that API version, for instance {@code apps/v1} and {@code Deployment}. */\n  public static Optional<ResourceType<?>> find(String apiVersion, String kind) {\n    for (ResourceType<?> type : ALL) {\n      if (type.kind().equals(kind) && type.apiVersion().equals(apiVersion)) {\n        return Optional.of(type);\n      }\n    }\n    return Optional.empty();\n  }\n}\n");
    Files.writeString(out, b.toString());
  }
  static String list(String s) { return s.isBlank() ? "List.of()" : "List.of(" + Arrays.stream(s.split(",")).map(x -> "\"" + x + "\"").collect(Collectors.joining(", ")) + ")"; }
}
