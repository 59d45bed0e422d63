package dev.kapell.apigenerator;

/** Java text under construction: keeps the indentation. */
final class Source {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** One line; a trailing brace opens a block, a leading one closes it. */
  Source line(String line) {
    if (line.startsWith("}")) {
      depth--;
    }
    if (!line.isEmpty()) {
      text.repeat("  ", depth).append(line);
    }
    text.append('\n');
    if (line.endsWith("{")) {
      depth++;
    }
    return this;
  }

  /** A Javadoc comment of one sentence. */
  Source doc(String sentence) {
    return sentence.isEmpty() ? this : line("/** " + escape(sentence) + " */");
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** The first sentence of a description. */
  static String firstSentence(String description) {
    String flat = description.replaceAll("\\s+", " ").strip();
    int end = flat.indexOf(". ");
    return end < 0 ? flat : flat.substring(0, end + 1);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("@", "&#64;")
        .replace("*/", "* /")
        .replace("\\", "&#92;");
  }
}
