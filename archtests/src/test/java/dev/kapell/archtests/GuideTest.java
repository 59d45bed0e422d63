package dev.kapell.archtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever looks for something with ARCHITECTURE.md finds it. */
class GuideTest {
  /** {@code Type} or {@code package.Type}, as a whole between backticks. */
  private static final Pattern TYPE = Pattern.compile("`((?:[a-z]+\\.)*[A-Z][A-Za-z]+)`");

  /** What is no type of the project: kinds that pass through it. */
  private static final Set<String> KINDS =
      Set.of("Deployment", "ReplicaSet", "Pod", "EndpointSlice");

  @Test
  void everyTypeThatTheGuideNamesIsThere() throws IOException {
    String guide = Files.readString(Path.of("..", "ARCHITECTURE.md"));
    Set<String> names = new TreeSet<>();
    House.classes().forEach(type -> names.add("." + type.getName()));
    Set<String> missing = new TreeSet<>();
    Matcher named = TYPE.matcher(guide);
    while (named.find()) {
      String type = named.group(1);
      if (!KINDS.contains(type) && names.stream().noneMatch(name -> name.endsWith("." + type))) {
        missing.add(type);
      }
    }
    assertThat(missing)
        .as("ARCHITECTURE.md names types that are not there. Repair: name where it is found now")
        .isEmpty();
  }
}
