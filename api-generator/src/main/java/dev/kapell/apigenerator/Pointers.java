package dev.kapell.apigenerator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which optional fields tell a zero from an absent value ({@code pointers.tsv}). */
final class Pointers {
  private final Map<String, Set<String>> fields = new HashMap<>();

  Pointers() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    Pointers.class.getResourceAsStream("pointers.tsv"), "pointers.tsv"),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          String[] cells = line.split("\t", -1);
          fields.put(cells[0], Set.of(cells[1].split(",", -1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Types that the table does not know keep every zero. */
  boolean keepsZero(TypeName type, String jsonName, boolean tableComplete) {
    Set<String> known = fields.get(type.id());
    return known == null ? !tableComplete : known.contains(jsonName);
  }
}
