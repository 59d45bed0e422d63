package dev.kapell.api.resource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * A fixed-point number with a unit, for instance {@code 250m}, {@code 1.5Gi}, {@code 2e3}.
 * Immutable; equal when the numbers are equal.
 *
 * <p>Follows the reference's serialization format: values are written in canonical form (no
 * fraction, the largest suffix that allows it), in the form they came in: binary ({@code Ki}),
 * decimal ({@code k}) or exponent ({@code e3}). Nothing finer than a nano is kept: it is rounded
 * up.
 */
public final class Quantity implements Comparable<Quantity> {
  /** How a value is written. */
  public enum Form {
    /** With {@code Ki}, {@code Mi}, {@code Gi}, {@code Ti}, {@code Pi}, {@code Ei}. */
    BINARY,
    /**
     * With {@code n}, {@code u}, {@code m}, {@code k}, {@code M}, {@code G}, {@code T}, {@code P},
     * {@code E}.
     */
    DECIMAL,
    /** With {@code e3}, {@code e6}, … */
    EXPONENT
  }

  /** Nothing. */
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Form.DECIMAL);

  private static final String[] BINARY_SUFFIXES = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final String[] DECIMAL_SUFFIXES = {
    "n", "u", "m", "", "k", "M", "G", "T", "P", "E"
  };
  private static final int FIRST_DECIMAL_EXPONENT = -9;
  private static final BigInteger KIBI = BigInteger.valueOf(1024);
  private static final BigInteger KILO = BigInteger.valueOf(1000);
  private static final int MAX_TEXT_LENGTH = 64;

  private final BigDecimal amount;
  private final Form form;

  private Quantity(BigDecimal amount, Form form) {
    BigDecimal kept = amount.scale() > 9 ? amount.setScale(9, RoundingMode.UP) : amount;
    this.amount = kept.signum() == 0 ? BigDecimal.ZERO : kept.stripTrailingZeros();
    this.form = form;
  }

  /** An amount in decimal form. */
  public static Quantity of(long value) {
    return new Quantity(BigDecimal.valueOf(value), Form.DECIMAL);
  }

  /** Thousandths in decimal form: {@code ofMilli(250)} is {@code 250m}. */
  public static Quantity ofMilli(long milliValue) {
    return new Quantity(BigDecimal.valueOf(milliValue, 3), Form.DECIMAL);
  }

  /** An amount in binary form: {@code ofBytes(1048576)} is {@code 1Mi}. */
  public static Quantity ofBytes(long bytes) {
    return new Quantity(BigDecimal.valueOf(bytes), Form.BINARY);
  }

  /**
   * Reads {@code text}.
   *
   * @throws IllegalArgumentException with the reference's words when it is no quantity
   */
  public static Quantity parse(String text) {
    int unitAt = unitStart(text);
    if (unitAt == 0 || text.length() > MAX_TEXT_LENGTH) {
      throw malformed();
    }
    BigDecimal number;
    try {
      number = new BigDecimal(text.substring(0, unitAt));
    } catch (NumberFormatException e) {
      throw malformed();
    }
    return withUnit(number, text.substring(unitAt));
  }

  private static int unitStart(String text) {
    int at = 0;
    if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      at++;
    }
    int digits = 0;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      digits += isDigit(text.charAt(at)) ? 1 : 0;
      at++;
    }
    return digits == 0 ? 0 : at;
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  private static Quantity withUnit(BigDecimal number, String unit) {
    for (int i = 1; i < BINARY_SUFFIXES.length; i++) {
      if (unit.equals(BINARY_SUFFIXES[i])) {
        return new Quantity(number.multiply(new BigDecimal(KIBI.pow(i))), Form.BINARY);
      }
    }
    for (int i = 0; i < DECIMAL_SUFFIXES.length; i++) {
      if (unit.equals(DECIMAL_SUFFIXES[i])) {
        return new Quantity(number.scaleByPowerOfTen(FIRST_DECIMAL_EXPONENT + 3 * i), Form.DECIMAL);
      }
    }
    if (unit.length() > 1 && (unit.charAt(0) == 'e' || unit.charAt(0) == 'E')) {
      try {
        int exponent = Integer.parseInt(unit.substring(1));
        if (Math.abs(exponent) <= 30) {
          return new Quantity(number.scaleByPowerOfTen(exponent), Form.EXPONENT);
        }
      } catch (NumberFormatException e) {
        throw malformed();
      }
    }
    throw malformed();
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  }

  /** The exact number. */
  public BigDecimal amount() {
    return amount;
  }

  /** How it is written. */
  public Form form() {
    return form;
  }

  /** The number, rounded up to a whole one; the largest long when it is larger. */
  public long value() {
    return rounded(amount);
  }

  /** The number in thousandths, rounded up; the largest long when it is larger. */
  public long milliValue() {
    return rounded(amount.scaleByPowerOfTen(3));
  }

  private static long rounded(BigDecimal number) {
    BigInteger whole = number.setScale(0, RoundingMode.UP).toBigInteger();
    if (whole.bitLength() > 63) {
      return whole.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return whole.longValue();
  }

  /** True when nothing. */
  public boolean isZero() {
    return amount.signum() == 0;
  }

  /** -1, 0 or 1. */
  public int signum() {
    return amount.signum();
  }

  /** The sum, in this one's form. */
  public Quantity plus(Quantity other) {
    return new Quantity(amount.add(other.amount), isZero() ? other.form : form);
  }

  /** The difference, in this one's form. */
  public Quantity minus(Quantity other) {
    return new Quantity(amount.subtract(other.amount), isZero() ? other.form : form);
  }

  /** The product, in this one's form. */
  public Quantity times(long factor) {
    return new Quantity(amount.multiply(BigDecimal.valueOf(factor), MathContext.UNLIMITED), form);
  }

  /** The larger one. */
  public Quantity max(Quantity other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quantity that && amount.compareTo(that.amount) == 0;
  }

  @Override
  public int hashCode() {
    return amount.hashCode();
  }

  /** The canonical form. */
  @Override
  public String toString() {
    if (amount.signum() == 0) {
      return "0";
    }
    boolean binary = form == Form.BINARY && amount.abs().compareTo(new BigDecimal(KIBI)) >= 0;
    if (binary && amount.scale() <= 0) {
      return binaryText(amount.toBigIntegerExact());
    }
    return decimalText(form == Form.EXPONENT);
  }

  private static String binaryText(BigInteger whole) {
    int power = 0;
    BigInteger left = whole;
    while (power < BINARY_SUFFIXES.length - 1 && left.mod(KIBI).signum() == 0) {
      left = left.divide(KIBI);
      power++;
    }
    return left + BINARY_SUFFIXES[power];
  }

  private String decimalText(boolean exponentForm) {
    int index = 0;
    BigInteger left = amount.scaleByPowerOfTen(-FIRST_DECIMAL_EXPONENT).toBigIntegerExact();
    while (index < DECIMAL_SUFFIXES.length - 1 && left.mod(KILO).signum() == 0) {
      left = left.divide(KILO);
      index++;
    }
    int exponent = FIRST_DECIMAL_EXPONENT + 3 * index;
    if (exponentForm) {
      return exponent == 0 ? left.toString() : String.format(Locale.ROOT, "%se%d", left, exponent);
    }
    return left + DECIMAL_SUFFIXES[index];
  }
}
