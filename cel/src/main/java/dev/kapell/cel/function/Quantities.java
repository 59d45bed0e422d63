package dev.kapell.cel.function;

import dev.kapell.api.resource.Quantity;
import dev.kapell.cel.value.CelError;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Amounts with units, for instance {@code 500m} and {@code 2Gi}. */
final class Quantities {
  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private Quantities() {}

  static List<Function> all() {
    return List.of(
        Function.of(
            "quantity",
            "(string) -> Quantity",
            a ->
                parse((String) a[0])
                    .orElseThrow(
                        () ->
                            new CelError(
                                "quantities must match the regular expression"
                                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"))),
        Function.of("isQuantity", "(string) -> bool", a -> parse((String) a[0]).isPresent()),
        Function.of("sign", "Quantity.() -> int", a -> (long) amount(a[0]).signum()),
        Function.of("isInteger", "Quantity.() -> bool", a -> isInteger(amount(a[0]))),
        Function.of(
            "asInteger",
            "Quantity.() -> int",
            a -> {
              if (!isInteger(amount(a[0]))) {
                throw new CelError("cannot convert value to integer");
              }
              return amount(a[0]).longValueExact();
            }),
        Function.of("asApproximateFloat", "Quantity.() -> double", a -> amount(a[0]).doubleValue()),
        Function.of("isGreaterThan", "Quantity.(Quantity) -> bool", a -> compare(a) > 0),
        Function.of("isLessThan", "Quantity.(Quantity) -> bool", a -> compare(a) < 0),
        Function.of("compareTo", "Quantity.(Quantity) -> int", a -> (long) compare(a)),
        Function.of("add", "Quantity.(Quantity) -> Quantity", a -> q(a[0]).plus(q(a[1]))),
        Function.of(
            "add", "Quantity.(int) -> Quantity", a -> q(a[0]).plus(Quantity.of((Long) a[1]))),
        Function.of("sub", "Quantity.(Quantity) -> Quantity", a -> q(a[0]).minus(q(a[1]))),
        Function.of(
            "sub", "Quantity.(int) -> Quantity", a -> q(a[0]).minus(Quantity.of((Long) a[1]))));
  }

  private static Optional<Quantity> parse(String text) {
    try {
      return Optional.of(Quantity.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isInteger(BigDecimal amount) {
    return amount.stripTrailingZeros().scale() <= 0
        && amount.compareTo(LONG_MIN) >= 0
        && amount.compareTo(LONG_MAX) <= 0;
  }

  private static int compare(Object[] a) {
    return Integer.signum(q(a[0]).compareTo(q(a[1])));
  }

  private static Quantity q(Object value) {
    return (Quantity) value;
  }

  private static BigDecimal amount(Object value) {
    return q(value).amount();
  }
}
