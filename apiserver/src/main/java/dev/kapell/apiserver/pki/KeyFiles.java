package dev.kapell.apiserver.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A directory of secrets: files appear whole, and only their owner may read them. */
final class KeyFiles {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;

  private KeyFiles(Path directory) {
    this.directory = directory;
  }

  static KeyFiles in(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, OWNER_DIRECTORY);
    }
    return new KeyFiles(directory);
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  Optional<String> read(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Path fresh = directory.resolve(name + ".new");
    Files.deleteIfExists(fresh);
    Files.writeString(Files.createFile(fresh, OWNER_FILE), text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }
}
