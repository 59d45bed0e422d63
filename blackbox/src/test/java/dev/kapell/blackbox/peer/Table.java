package dev.kapell.blackbox.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The cases that are written by hand, in {@code cases.txt}. */
final class Table {
  private Table() {}

  /** A title begins with {@code ##}; the lines below it are the case. */
  static List<Script> read() {
    List<Script> scripts = new ArrayList<>();
    String title = "";
    List<String> lines = new ArrayList<>();
    for (String line : text("cases.txt").lines().toList()) {
      if (line.startsWith("## ")) {
        add(scripts, title, lines);
        title = line.substring(3);
        lines = new ArrayList<>();
      } else if (!line.isBlank() && !line.startsWith("#")) {
        lines.add(line.strip());
      }
    }
    add(scripts, title, lines);
    return scripts;
  }

  private static void add(List<Script> scripts, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      scripts.add(new Script("t%03d".formatted(scripts.size() + 1), title, lines));
    }
  }

  /** The definition of the custom kind that the cases use, in one line. */
  static String widget() {
    return text("widget.yaml").replaceAll("\\s*\\n\\s*", " ");
  }

  static String text(String name) {
    try (InputStream stream = Table.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing beside the test");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
