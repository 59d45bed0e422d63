package dev.kapell.cel.cost;

/**
 * From how much to how much: a cost, or a size. Sums and products end at {@link Long#MAX_VALUE}.
 *
 * @param min at least
 * @param max at most
 */
public record Range(long min, long max) {
  static final Range ZERO = new Range(0, 0);
  static final Range ONE = new Range(1, 1);
  static final Range UNKNOWN = new Range(0, Long.MAX_VALUE);

  static Range of(long exactly) {
    return new Range(exactly, exactly);
  }

  Range plus(Range other) {
    return new Range(sum(min, other.min), sum(max, other.max));
  }

  Range times(Range other) {
    return new Range(product(min, other.min), product(max, other.max));
  }

  Range times(double factor) {
    return new Range(product(min, factor), product(max, factor));
  }

  Range or(Range other) {
    return new Range(Math.min(min, other.min), Math.max(max, other.max));
  }

  private static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** A product that ends at the largest number. */
  public static long product(long one, long other) {
    return one != 0 && other > Long.MAX_VALUE / one ? Long.MAX_VALUE : one * other;
  }

  private static long product(long value, double factor) {
    double product = Math.ceil(value * factor);
    return product >= Long.MAX_VALUE ? Long.MAX_VALUE : (long) product;
  }
}
