package dev.kapell.compose.file;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files beside a Compose file.
 *
 * @param directory absolute
 */
record ProjectFiles(Path directory) {
  /** The text of {@code path}, relative to the directory; empty when there is no such file. */
  Optional<String> read(String path) {
    try {
      return Optional.of(Files.readString(directory.resolve(path)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (MalformedInputException e) {
      throw new ComposeFailure(path + ": not a text in UTF-8");
    } catch (IOException e) {
      throw new ComposeFailure(path + ": cannot be read: " + e.getMessage());
    }
  }
}
