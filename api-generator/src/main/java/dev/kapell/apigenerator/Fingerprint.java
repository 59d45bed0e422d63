package dev.kapell.apigenerator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the generated files depend on, as a text that changes when one of them does. */
final class Fingerprint {
  /** Where the text is kept, beside the generated files. */
  static final String FILE = "inputs.txt";

  private Fingerprint() {}

  /** Of a table, and of where these classes come from (jars or folders). */
  static String of(Path table, Class<?>... classes) throws IOException {
    StringBuilder text = new StringBuilder();
    add(table, text);
    for (Class<?> each : classes) {
      try {
        add(Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI()), text);
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return text.toString();
  }

  private static void add(Path place, StringBuilder text) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(place)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : files) {
      text.append(file.getFileName())
          .append(' ')
          .append(Files.size(file))
          .append(' ')
          .append(Files.getLastModifiedTime(file).toMillis())
          .append('\n');
    }
  }
}
