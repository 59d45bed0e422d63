package dev.kapell.node.volume;

import dev.kapell.node.config.ConfigFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** hostPath volumes: the path is checked, or made, as its type says. */
final class HostPaths {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;
  private static final int CHARACTER = 0020000;
  private static final int BLOCK = 0060000;

  private HostPaths() {}

  static Path prepare(String path, String type) throws IOException {
    Path at = Path.of(path);
    switch (type) {
      case "" -> {
        if (!Files.exists(at)) {
          Files.createDirectories(at);
        }
      }
      case "DirectoryOrCreate" -> {
        if (!Files.exists(at)) {
          Files.createDirectories(at);
          Ownership.mode(at, 0755);
        }
        require(Files.isDirectory(at), at, "directory");
      }
      case "Directory" -> require(Files.isDirectory(at), at, "directory");
      case "FileOrCreate" -> {
        if (!Files.exists(at)) {
          Files.createFile(at);
          Ownership.mode(at, 0644);
        }
        require(Files.isRegularFile(at), at, "file");
      }
      case "File" -> require(Files.isRegularFile(at), at, "file");
      case "Socket" -> require(is(at, SOCKET), at, "socket");
      case "CharDevice" -> require(is(at, CHARACTER), at, "character device");
      case "BlockDevice" -> require(is(at, BLOCK), at, "block device");
      default -> throw new ConfigFailure("hostPath type " + type + " is unknown");
    }
    return at;
  }

  private static boolean is(Path path, int type) throws IOException {
    return Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & TYPE) == type;
  }

  private static void require(boolean holds, Path path, String type) {
    if (!holds) {
      throw new ConfigFailure("hostPath type check failed: " + path + " is not a " + type);
    }
  }
}
