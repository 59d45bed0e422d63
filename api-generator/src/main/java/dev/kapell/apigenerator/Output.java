package dev.kapell.apigenerator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of generated files. */
final class Output {
  private final Path root;
  private final Set<Path> written = new HashSet<>();

  Output(Path root) {
    this.root = root;
  }

  boolean has(String name) {
    return Files.exists(root.resolve(name));
  }

  /** Whether the file is there with just this text. */
  boolean holds(String name, String text) throws IOException {
    return has(name)
        && Arrays.equals(
            Files.readAllBytes(root.resolve(name)), text.getBytes(StandardCharsets.UTF_8));
  }

  /** An unchanged file keeps its time, so that the compiler has nothing to do. */
  void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    written.add(file);
    if (!holds(name, text)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }

  /**
   * Removes what earlier runs wrote and this one did not. Only for a folder that nobody else writes
   * to.
   */
  void deleteOthers() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      if (!written.contains(file)) {
        Files.delete(file);
      }
    }
  }
}
