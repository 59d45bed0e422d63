package dev.kapell.apiserver.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order of versions by their names. */
final class VersionOrder {
  /** The better version first: v2, v1, v1beta1, v1alpha1, others by name. */
  static final Comparator<String> BEST_FIRST =
      Comparator.comparing(Parsed::of).reversed().thenComparing(Comparator.naturalOrder());

  private static final Pattern VERSION =
      Pattern.compile("v([0-9]{1,9})(?:(alpha|beta)([0-9]{1,9}))?");

  private VersionOrder() {}

  private record Parsed(int stability, long major, long minor) implements Comparable<Parsed> {
    static Parsed of(String version) {
      Matcher matcher = VERSION.matcher(version);
      if (!matcher.matches()) {
        return new Parsed(0, 0, 0);
      }
      if (matcher.group(2) == null) {
        return new Parsed(3, Long.parseLong(matcher.group(1)), 0);
      }
      return new Parsed(
          matcher.group(2).equals("beta") ? 2 : 1,
          Long.parseLong(matcher.group(1)),
          Long.parseLong(matcher.group(3)));
    }

    @Override
    public int compareTo(Parsed other) {
      return Comparator.comparingInt(Parsed::stability)
          .thenComparingLong(Parsed::major)
          .thenComparingLong(Parsed::minor)
          .compare(this, other);
    }
  }
}
