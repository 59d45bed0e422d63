package dev.kapell.app.command;

import dev.kapell.apiserver.tree.Spans;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as kube-apiserver's flags take them: {@code 90s}, {@code 1m30s}, {@code 500ms}. */
final class GoDuration implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      Duration duration = Spans.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' " + e.getMessage());
    }
    throw new TypeConversionException("'" + text + "' must not be negative");
  }

  /** The same again, for another command line. */
  static String print(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
