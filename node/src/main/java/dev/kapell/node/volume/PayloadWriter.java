package dev.kapell.node.volume;

import dev.kapell.host.file.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the files of a volume all at once, for readers that are looking.
 *
 * <pre>
 *   volume/key      → ..data/key        (never changes while the key exists)
 *   volume/..data   → ..GENERATION      (swapped by one rename)
 *   volume/..GENERATION/key             (the content)
 * </pre>
 */
final class PayloadWriter {
  private static final String DATA = "..data";

  private PayloadWriter() {}

  /** Writes {@code payload}; true when anything changed. {@code generation} must be new. */
  static boolean write(Path volume, Payload payload, @Nullable Long group, String generation)
      throws IOException {
    Path data = volume.resolve(DATA);
    Path before = Files.isSymbolicLink(data) ? volume.resolve(Files.readSymbolicLink(data)) : null;
    if (before != null && same(before, payload)) {
      return false;
    }
    Path fresh = Files.createDirectory(volume.resolve(".." + generation));
    Ownership.mode(fresh, 0755);
    for (Map.Entry<String, Payload.Entry> file : payload.files().entrySet()) {
      Path target = fresh.resolve(file.getKey()).normalize();
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue().content());
      Ownership.mode(target, file.getValue().mode());
    }
    if (group != null) {
      Ownership.share(fresh, group, true);
    }
    Path link = volume.resolve("..data_tmp");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, fresh.getFileName());
    Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    link(volume, payload);
    if (before != null) {
      DirectoryTree.delete(before);
    }
    return true;
  }

  private static void link(Path volume, Payload payload) throws IOException {
    Set<String> wanted =
        payload.files().keySet().stream()
            .map(f -> f.split("/", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    for (String name : wanted) {
      Path link = volume.resolve(name);
      if (!Files.isSymbolicLink(link)) {
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
    for (Path present : children(volume)) {
      String name = present.getFileName().toString();
      if (!name.startsWith("..") && Files.isSymbolicLink(present) && !wanted.contains(name)) {
        Files.delete(present);
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted(Comparator.naturalOrder()).toList();
    }
  }

  private static boolean same(Path directory, Payload payload) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Set<String> present;
    try (Stream<Path> files = Files.walk(directory)) {
      present =
          files
              .filter(Files::isRegularFile)
              .map(f -> directory.relativize(f).toString())
              .collect(Collectors.toSet());
    }
    if (!present.equals(payload.files().keySet())) {
      return false;
    }
    for (Map.Entry<String, Payload.Entry> file : payload.files().entrySet()) {
      if (!Arrays.equals(
          Files.readAllBytes(directory.resolve(file.getKey())), file.getValue().content())) {
        return false;
      }
    }
    return true;
  }
}
