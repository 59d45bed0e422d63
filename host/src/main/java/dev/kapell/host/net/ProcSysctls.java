package dev.kapell.host.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Kernel parameters as files below {@code /proc/sys}. */
final class ProcSysctls implements Sysctls {
  private final Path root;

  ProcSysctls(Path root) {
    this.root = root;
  }

  /**
   * Dots part the names; a dot inside an interface's name is written as a slash, as sysctl(8) has
   * it.
   */
  private Path file(String key) {
    StringBuilder path = new StringBuilder(key);
    for (int i = 0; i < path.length(); i++) {
      char letter = path.charAt(i);
      path.setCharAt(i, letter == '.' ? '/' : letter == '/' ? '.' : letter);
    }
    return root.resolve(path.toString());
  }

  @Override
  public Optional<String> read(String key) {
    try {
      return Optional.of(Files.readString(file(key)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new NetworkFailure("cannot read the kernel parameter " + key, e);
    }
  }

  @Override
  public void write(String key, String value) {
    if (read(key).filter(value::equals).isPresent()) {
      return;
    }
    try {
      Files.writeString(file(key), value, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new NetworkFailure(
          "cannot set the kernel parameter " + key + " to " + value + ": " + e.getMessage(), e);
    }
  }
}
