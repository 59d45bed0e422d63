package dev.kapell.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Header lines in order; names compare without regard to case. Immutable.
 *
 * @param lines the lines
 */
public record Headers(List<Line> lines) {
  /** No lines. */
  public static final Headers NONE = new Headers(List.of());

  /**
   * One line.
   *
   * @param name as it was sent or is to be sent
   * @param value without surrounding blanks
   */
  public record Line(String name, String value) {}

  /** Copies the list. */
  public Headers {
    lines = List.copyOf(lines);
  }

  /** One line. */
  public static Headers of(String name, String value) {
    return new Headers(List.of(new Line(name, value)));
  }

  /** Only {@code Content-Type}. */
  public static Headers contentType(String mediaType) {
    return of("Content-Type", mediaType);
  }

  /** The first value under {@code name}. */
  public Optional<String> first(String name) {
    for (Line line : lines) {
      if (line.name().equalsIgnoreCase(name)) {
        return Optional.of(line.value());
      }
    }
    return Optional.empty();
  }

  /** Every value under {@code name}, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (Line line : lines) {
      if (line.name().equalsIgnoreCase(name)) {
        values.add(line.value());
      }
    }
    return values;
  }

  /** The same with one more line. */
  public Headers and(String name, String value) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(name, value));
    return new Headers(more);
  }

  /** The same followed by {@code others}. */
  public Headers and(Headers others) {
    List<Line> more = new ArrayList<>(lines);
    more.addAll(others.lines);
    return new Headers(more);
  }

  /** The same without the lines under {@code name}. */
  public Headers without(String name) {
    List<Line> rest = new ArrayList<>(lines);
    rest.removeIf(line -> line.name().equalsIgnoreCase(name));
    return new Headers(rest);
  }

  /** Whether a comma-separated header holds {@code token}, without regard to case. */
  public boolean hasToken(String name, String token) {
    for (String value : all(name)) {
      for (String part : value.split(",", -1)) {
        if (part.strip().equalsIgnoreCase(token)) {
          return true;
        }
      }
    }
    return false;
  }
}
