package dev.kapell.scheduler.why;

import dev.kapell.scheduler.demand.ResourceNames;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of a resource as a person reads it. Pure.
 *
 * @param column of {@link ResourceNames}
 * @param value in the column's unit: thousandths of cpu, else bytes or pieces
 */
record Amount(ResourceNames names, int column, long value) {
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

  /** With one digit behind the point at most, never more than there is: {@code 1.5Gi}. */
  String atMost() {
    return text(RoundingMode.FLOOR);
  }

  /** The same, never less. */
  String atLeast() {
    return text(RoundingMode.CEILING);
  }

  String resource() {
    return names.name(column);
  }

  private String text(RoundingMode rounding) {
    if (column == ResourceNames.CPU) {
      return Math.abs(value) < 1000 && value != 0
          ? value + "m"
          : plain(BigDecimal.valueOf(value, 3));
    }
    return isBytes() ? bytes(rounding) : Long.toString(value);
  }

  private boolean isBytes() {
    String name = resource();
    return column == ResourceNames.MEMORY
        || name.equals("ephemeral-storage")
        || name.startsWith("hugepages-");
  }

  private String bytes(RoundingMode rounding) {
    int unit = 0;
    long divisor = 1;
    while (unit < UNITS.length - 1 && Math.abs(value) / divisor >= 1024) {
      unit++;
      divisor *= 1024;
    }
    BigDecimal shown =
        BigDecimal.valueOf(value)
            .divide(
                BigDecimal.valueOf(divisor), 1, unit == 0 ? RoundingMode.UNNECESSARY : rounding);
    return plain(shown) + UNITS[unit];
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
