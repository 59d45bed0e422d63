package dev.kapell.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the generated constructors do with collections. */
public final class Collected {
  private Collected() {}

  /** An unmodifiable copy. */
  public static <T> List<T> list(List<T> items) {
    return List.copyOf(items);
  }

  /** An unmodifiable copy that keeps the order. */
  public static <T> Map<String, T> map(Map<String, T> members) {
    return members.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** {@code value}, or {@code other} when it is null. */
  public static <T> T or(@Nullable T value, T other) {
    return value == null ? other : value;
  }

  /** Cut to whole seconds. */
  public static @Nullable Instant seconds(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Cut to microseconds. */
  public static @Nullable Instant micros(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MICROS);
  }

  /** An empty text is the same as none. */
  public static @Nullable String nonZero(@Nullable String value) {
    return (value == null || value.isEmpty()) ? null : value;
  }

  /** False is the same as nothing. */
  public static @Nullable Boolean nonZero(@Nullable Boolean value) {
    return (value == null || !value) ? null : value;
  }

  /** 0 is the same as nothing. */
  public static @Nullable Integer nonZero(@Nullable Integer value) {
    return (value == null || value == 0) ? null : value;
  }

  /** 0 is the same as nothing. */
  public static @Nullable Long nonZero(@Nullable Long value) {
    return (value == null || value == 0) ? null : value;
  }

  /** 0 and an empty text are the same as nothing. */
  public static @Nullable IntOrString nonZero(@Nullable IntOrString value) {
    return switch (value) {
      case IntOrString.OfInt number when number.value() == 0 -> null;
      case IntOrString.OfString text when text.value().isEmpty() -> null;
      case null, default -> value;
    };
  }
}
