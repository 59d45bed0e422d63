package dev.kapell.api.yaml;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML 1.1's implicit types without times, which JSON does not have. */
final class JsonTypes extends Resolver {
  @Override
  public void addImplicitResolver(Tag tag, Pattern pattern, String firstLetters, int limit) {
    if (!tag.equals(Tag.TIMESTAMP)) {
      super.addImplicitResolver(tag, pattern, firstLetters, limit);
    }
  }
}
