package dev.kapell.bench.fuzz;

import dev.kapell.bench.Dice;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of every JSON type, likely and unlikely ones. */
final class Values {
  static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "default",
          "web",
          "nginx:1",
          "TCP",
          "Always",
          "10.43.0.5",
          "::1",
          "100m",
          "1Gi",
          "-1",
          "0",
          "80",
          "true",
          "null",
          "app=web",
          "a.b.c",
          "A",
          "-x",
          "x-",
          "a/b",
          "../..",
          "%2e%2e",
          "\u0000",
          "\ud83d\ude80",
          "\u202e",
          "ß",
          "a\nb",
          "\"",
          "\\",
          "'",
          "$(x)",
          "{}",
          "2026-11-21T08:00:00Z",
          "9999999999999999999",
          "1e400",
          "x".repeat(64),
          "x".repeat(254),
          "metadata.name=a",
          "in (a,b)",
          "k8s.io/a",
          "self.x > 0",
          "[[:alpha:]]",
          "(a+)+$");

  /** So many of them, after the first, pass in many places. */
  private static final int PLAUSIBLE = 10;

  private final Dice dice;

  Values(Dice dice) {
    this.dice = dice;
  }

  String text() {
    if (dice.percent(60)) {
      return TEXTS.get(1 + dice.below(PLAUSIBLE));
    }
    return dice.percent(1) ? "y".repeat(dice.below(70_000)) : dice.pick(TEXTS);
  }

  Object number() {
    return switch (dice.below(8)) {
      case 0 -> 0L;
      case 1 -> -1L;
      case 2 -> Long.MAX_VALUE;
      case 3 -> Long.MIN_VALUE;
      case 4 -> 1.5;
      case 5 -> 1e300;
      case 6 -> new BigInteger("9".repeat(1 + dice.below(60)));
      default -> (long) dice.below(70_000);
    };
  }

  /** Anything. */
  @Nullable Object any(int depth) {
    return switch (dice.below(depth > 3 ? 5 : 8)) {
      case 0 -> null;
      case 1 -> dice.percent(50);
      case 2 -> number();
      case 3, 4 -> text();
      case 5 -> deep();
      case 6 -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = dice.below(4); i > 0; i--) {
          list.add(any(depth + 1));
        }
        yield list;
      }
      default -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = dice.below(4); i > 0; i--) {
          map.put(text(), any(depth + 1));
        }
        yield map;
      }
    };
  }

  private Object deep() {
    Object value = "end";
    for (int i = dice.below(60); i > 0; i--) {
      value = dice.percent(50) ? List.of(value) : Map.of("a", value);
    }
    return value;
  }
}
