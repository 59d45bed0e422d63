package dev.kapell.apiserver.metrics;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Prometheus' text form as strictly as its own parser: every sample under a family with a
 * type, no sample twice, histograms whose buckets grow and end with their count.
 */
public final class Exposition {
  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*\\})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\"\\\\n])*)\"(,|$)");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, Double> samples = new LinkedHashMap<>();
  private final Set<String> closed = new LinkedHashSet<>();
  private String family = "";

  private Exposition() {}

  /** Fails with the line that is wrong. */
  public static Exposition parse(String text) {
    Exposition exposition = new Exposition();
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line does not end");
    }
    text.lines().forEach(exposition::line);
    exposition.checkHistograms();
    return exposition;
  }

  /** Name to type. */
  public Map<String, String> types() {
    return types;
  }

  /** The sum of all samples of {@code name} whose labels hold every one of {@code labels}. */
  public double value(String name, String... labels) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().split("\\{", 2)[0].equals(name))
        .filter(sample -> List.of(labels).stream().allMatch(sample.getKey()::contains))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private void line(String line) {
    Matcher comment = COMMENT.matcher(line);
    if (comment.matches()) {
      comment(comment, line);
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    String name = sample.group(1);
    boolean belongs =
        name.equals(family)
            || ("histogram".equals(types.get(family))
                && Set.of(family + "_bucket", family + "_sum", family + "_count").contains(name));
    if (!belongs || !types.containsKey(family)) {
      throw new AssertionError("outside its family " + family + ": " + line);
    }
    labels(sample.group(2) == null ? "{}" : sample.group(2), line);
    double value =
        sample.group(3).equals("+Inf")
            ? Double.POSITIVE_INFINITY
            : Double.parseDouble(sample.group(3));
    if (samples.put(line.substring(0, line.lastIndexOf(' ')), value) != null) {
      throw new AssertionError("twice: " + line);
    }
  }

  private void comment(Matcher comment, String line) {
    String name = comment.group(2);
    if (comment.group(1).equals("HELP")) {
      if (!closed.add(name)) {
        throw new AssertionError("family twice: " + line);
      }
      family = name;
    } else if (!name.equals(family)
        || !Set.of("counter", "gauge", "histogram").contains(comment.group(3))) {
      throw new AssertionError("type: " + line);
    } else {
      types.put(name, comment.group(3));
    }
  }

  private static void labels(String braces, String line) {
    String inside = braces.substring(1, braces.length() - 1);
    Matcher label = LABEL.matcher(inside);
    int end = 0;
    Set<String> names = new LinkedHashSet<>();
    while (end < inside.length()) {
      if (!label.find(end) || label.start() != end || !names.add(label.group(1))) {
        throw new AssertionError("labels: " + line);
      }
      end = label.end();
    }
  }

  private void checkHistograms() {
    Map<String, Double> last = new TreeMap<>();
    samples.forEach(
        (sample, value) -> {
          if (sample.contains("_bucket{")) {
            String series = sample.replaceAll(",?le=\"[^\"]*\"", "");
            double before = last.getOrDefault(series, 0.0);
            if (value < before) {
              throw new AssertionError("buckets shrink: " + sample);
            }
            last.put(series, value);
            if (sample.contains("le=\"+Inf\"")) {
              String count = series.replace("_bucket{", "_count{").replace("_count{}", "_count");
              if (!value.equals(samples.get(count)) && samples.get(count) != null) {
                throw new AssertionError("count: " + sample);
              }
            }
          }
        });
  }
}
