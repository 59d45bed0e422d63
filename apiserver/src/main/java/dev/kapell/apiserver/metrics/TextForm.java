package dev.kapell.apiserver.metrics;

import java.util.List;

/** Prometheus' text exposition, version 0.0.4. One thread. */
final class TextForm {
  private final StringBuilder out = new StringBuilder(32 << 10);

  void head(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ');
    out.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  void line(String name, List<String> labels, List<String> values, double value) {
    line(name, labels, values, "", value);
  }

  /**
   * @param more a further label, with its value in quotes; empty for none
   */
  void line(String name, List<String> labels, List<String> values, String more, double value) {
    out.append(name);
    if (!labels.isEmpty() || !more.isEmpty()) {
      out.append('{');
      for (int i = 0; i < labels.size(); i++) {
        out.append(i == 0 ? "" : ",").append(labels.get(i)).append("=\"");
        escape(values.get(i));
        out.append('"');
      }
      out.append(labels.isEmpty() || more.isEmpty() ? "" : ",").append(more).append('}');
    }
    out.append(' ').append(number(value)).append('\n');
  }

  /** One distribution: bounds, how many fell below each, and their sum. */
  record Classes(double[] bounds, long[] counts, double sum) {}

  void distribution(String name, List<String> labels, List<String> values, Classes classes) {
    long total = 0;
    for (int i = 0; i < classes.counts().length; i++) {
      total += classes.counts()[i];
      double bound = i < classes.bounds().length ? classes.bounds()[i] : Double.POSITIVE_INFINITY;
      String le = "le=\"" + number(bound) + "\"";
      line(name + "_bucket", labels, values, le, (double) total);
    }
    line(name + "_sum", labels, values, classes.sum());
    line(name + "_count", labels, values, (double) total);
  }

  static String number(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "+Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
