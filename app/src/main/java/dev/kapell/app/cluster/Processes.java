package dev.kapell.app.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Process ids kept in files, checked against the command line so that a number used again is nobody
 * of ours.
 */
final class Processes {
  private Processes() {}

  /** The living process in {@code file} whose command line contains one of {@code words}. */
  static Optional<ProcessHandle> living(Path file, String... words) {
    try {
      long pid = Long.parseLong(Files.readString(file).strip());
      String commandLine = commandLine(pid);
      if (Stream.of(words).noneMatch(commandLine::contains)) {
        return Optional.empty();
      }
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }

  private static String commandLine(long pid) throws IOException {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
