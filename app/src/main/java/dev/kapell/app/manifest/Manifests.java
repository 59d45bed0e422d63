package dev.kapell.app.manifest;

import dev.kapell.api.DecodeException;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads manifests: YAML or JSON, several documents in a file, files in a folder by name. */
public final class Manifests {
  /** The server takes objects of 3 MiB at most; what is far larger is no manifest. */
  private static final int LIMIT_CHARS = 8 << 20;

  private Manifests() {}

  /**
   * Everything in {@code paths}; {@code -} is standard input. Fails on the first document that is
   * no object.
   */
  public static List<Manifest> read(List<String> paths, InputStream standardInput) {
    List<Manifest> all = new ArrayList<>();
    for (String path : paths) {
      if (path.equals("-")) {
        try {
          addDocuments(
              all,
              new String(standardInput.readAllBytes(), StandardCharsets.UTF_8),
              "standard input");
        } catch (IOException e) {
          throw new UserError("cannot read standard input: " + e.getMessage());
        }
      } else {
        addPath(all, Path.of(path));
      }
    }
    if (all.isEmpty()) {
      throw new UserError(
          "no manifest found in " + String.join(", ", paths) + " (looked for .yaml, .yml, .json)");
    }
    return all;
  }

  private static void addPath(List<Manifest> all, Path path) {
    if (!Files.exists(path)) {
      throw new UserError("there is no file or folder " + path);
    }
    try {
      if (Files.isDirectory(path)) {
        try (Stream<Path> inside = Files.list(path)) {
          for (Path file : inside.filter(Manifests::isManifest).sorted().toList()) {
            addDocuments(all, Files.readString(file), file.toString());
          }
        }
      } else {
        addDocuments(all, Files.readString(path), path.toString());
      }
    } catch (IOException e) {
      throw new UserError("cannot read " + path + ": " + e.getMessage());
    }
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private static void addDocuments(List<Manifest> all, String text, String source) {
    if (text.length() > LIMIT_CHARS) {
      throw new UserError(
          source + " is too large: a file may have 8 MiB, an object in it 3 MiB; split it");
    }
    List<Object> documents;
    try {
      documents = Yaml.documents(text);
    } catch (DecodeException e) {
      throw new UserError(source + ": " + e.getMessage());
    }
    int number = 0;
    for (Object document : documents) {
      number++;
      if (document == null) {
        continue;
      }
      String place = documents.size() == 1 ? source : source + ", document " + number;
      if (!(document instanceof Map<?, ?>)) {
        throw new UserError(place + ": expected an object with apiVersion and kind");
      }
      addObject(all, Tree.map(document), place);
    }
  }

  private static void addObject(List<Manifest> all, Map<String, Object> tree, String source) {
    Manifest manifest = new Manifest(tree, source);
    if (manifest.apiVersion().isEmpty() || manifest.kind().isEmpty()) {
      throw new UserError(
          source
              + ": "
              + (manifest.apiVersion().isEmpty() ? "apiVersion" : "kind")
              + " is missing; a manifest starts with, for instance, `apiVersion: v1` and `kind: Pod`");
    }
    if (manifest.kind().equals("List")) {
      int number = 0;
      for (Object item : Tree.list(tree, "items")) {
        addObject(all, Tree.map(item), source + ", item " + ++number);
      }
      return;
    }
    if (manifest.name().isEmpty()) {
      throw new UserError(source + ": " + manifest.kind() + " has no metadata.name");
    }
    all.add(manifest);
  }
}
