package dev.kapell.api.yaml;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML 1.1's implicit types without times, which JSON does not have, and without numbers to the
 * base of 60: {@code 22:22} is a text, as in Go's parser, and means two ports.
 */
final class JsonTypes extends Resolver {
  private static final Pattern WHOLE =
      Pattern.compile(
          "^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+)$");
  private static final Pattern FRACTION =
      Pattern.compile(
          "^(?:[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
              + "|\\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))$");

  @Override
  public void addImplicitResolver(Tag tag, Pattern pattern, String firstLetters, int limit) {
    if (tag.equals(Tag.INT)) {
      super.addImplicitResolver(tag, WHOLE, firstLetters, limit);
    } else if (tag.equals(Tag.FLOAT)) {
      super.addImplicitResolver(tag, FRACTION, firstLetters, limit);
    } else if (!tag.equals(Tag.TIMESTAMP)) {
      super.addImplicitResolver(tag, pattern, firstLetters, limit);
    }
  }
}
