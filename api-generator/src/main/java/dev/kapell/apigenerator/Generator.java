package dev.kapell.apigenerator;

import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.proto.Meta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes records, the registry of kinds and the schema. */
public final class Generator {
  private Generator() {}

  /**
   * Run by the build of {@code api}.
   *
   * @param arguments the table of served kinds, the source root to write to, the resource root to
   *     write to
   */
  public static void main(String[] arguments) throws IOException {
    List<String> kinds = Files.readAllLines(Path.of(arguments[0]));
    Path sources = Path.of(arguments[1]);
    Path resources = Path.of(arguments[2]);
    ModelReader reader =
        new ModelReader(new PublishedClasses(V1Pod.class), new PublishedMessages(Meta.class));
    Map<TypeName, TypeDef> types = reader.read();
    Set<String> packages = new TreeSet<>();
    for (TypeDef type : types.values()) {
      packages.add(type.name().javaPackage());
      write(
          sources,
          type.name().javaName().replace('.', '/') + ".java",
          new RecordWriter(type).write());
    }
    for (String each : packages) {
      write(sources, each.replace('.', '/') + "/package-info.java", packageInfo(each));
    }
    write(sources, "dev/kapell/api/Types.java", new TypesWriter().write(kinds, types));
    SchemaWriter schema = new SchemaWriter(types.values());
    write(resources, "dev/kapell/api/schema/types.tsv", schema.structure());
    write(resources, "dev/kapell/api/schema/texts.tsv", schema.texts());
    System.Logger log = System.getLogger("kapell.api-generator");
    log.log(
        System.Logger.Level.INFO,
        "model types={0} withoutProtobuf={1} unmatchedFields={2}",
        types.size(),
        types.values().stream().filter(t -> !t.hasProtobuf()).count(),
        reader.notes());
  }

  private static String packageInfo(String name) {
    return "/** The types of {@code "
        + name.substring(TypeName.ROOT.length() + 1)
        + "}, generated from the published models. Immutable records. */\n"
        + "@org.jspecify.annotations.NullMarked\n"
        + "package "
        + name
        + ";\n";
  }

  /** An unchanged file keeps its time, so that the compiler has nothing to do. */
  private static void write(Path root, String name, String text) throws IOException {
    Path file = root.resolve(name);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
