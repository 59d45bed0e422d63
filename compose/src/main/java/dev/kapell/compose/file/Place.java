package dev.kapell.compose.file;

/**
 * Where something stands.
 *
 * @param file the file's name as the user gave it
 * @param line from 1
 */
public record Place(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
