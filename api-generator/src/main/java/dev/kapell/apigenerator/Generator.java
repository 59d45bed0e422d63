package dev.kapell.apigenerator;

import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.proto.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes records, the registry of kinds and the schema. */
public final class Generator {
  private static final String STRUCTURE = "dev/kapell/api/schema/types.tsv";
  private static final String TEXTS = "dev/kapell/api/schema/texts.tsv";

  private Generator() {}

  /**
   * Run by the build of {@code api}; does nothing when nothing changed since it last ran.
   *
   * @param arguments the table of served kinds, the source root and the resource root to write to
   */
  public static void main(String[] arguments) throws IOException {
    Path kinds = Path.of(arguments[0]);
    Output sources = new Output(Path.of(arguments[1]));
    Output resources = new Output(Path.of(arguments[2]));
    String inputs = Fingerprint.of(kinds, Generator.class, V1Pod.class, Meta.class);
    if (sources.holds(Fingerprint.FILE, inputs)
        && resources.has(STRUCTURE)
        && resources.has(TEXTS)) {
      return;
    }
    ModelReader reader =
        new ModelReader(new PublishedClasses(V1Pod.class), new PublishedMessages(Meta.class));
    Map<TypeName, TypeDef> types = reader.read();
    writeSources(types, Files.readAllLines(kinds), sources);
    SchemaWriter schema = new SchemaWriter(types.values());
    resources.write(STRUCTURE, schema.structure());
    resources.write(TEXTS, schema.texts());
    sources.write(Fingerprint.FILE, inputs);
    sources.deleteOthers();
    System.getLogger("kapell.api-generator")
        .log(
            System.Logger.Level.INFO,
            "model types={0} withoutProtobuf={1} unmatchedFields={2}",
            types.size(),
            types.values().stream().filter(t -> !t.hasProtobuf()).count(),
            reader.notes());
  }

  private static void writeSources(Map<TypeName, TypeDef> types, List<String> kinds, Output sources)
      throws IOException {
    Set<String> packages = new TreeSet<>();
    for (TypeDef type : types.values()) {
      packages.add(type.name().javaPackage());
      sources.write(
          type.name().javaName().replace('.', '/') + ".java", new RecordWriter(type).write());
    }
    for (String each : packages) {
      sources.write(each.replace('.', '/') + "/package-info.java", packageInfo(each));
    }
    sources.write("dev/kapell/api/Types.java", new TypesWriter().write(kinds, types));
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
}
