package dev.kapell.apiserver.encryption;

import dev.kapell.apiserver.tree.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** A file of keys on disk; appears whole, and only its owner may read it. */
record KeyFile(Path path) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  boolean exists() {
    return Files.exists(path);
  }

  Providers read() throws IOException {
    for (PosixFilePermission right : Files.getPosixFilePermissions(path)) {
      if (OTHERS.contains(right)) {
        throw new IOException(
            path + " holds encryption keys and others may use it: chmod 600 " + path);
      }
    }
    return Providers.read(
        Settings.read(
            path,
            "EncryptionConfiguration",
            Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1")));
  }

  /** Durable when it returns: what is sealed next depends on it. */
  void write(List<EncryptionKey> keys) throws IOException {
    StringBuilder yaml =
        new StringBuilder(
            """
            # The keys of this cluster's Secrets. Keep a copy: without it they are lost.
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - aesgcm:
                  keys:
            """);
    for (EncryptionKey key : keys) {
      yaml.append("      - name: \"").append(key.name()).append("\"\n");
      yaml.append("        secret: ").append(key.base64()).append('\n');
    }
    yaml.append("  - identity: {}\n");
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.createDirectories(path.getParent());
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(yaml.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
