package dev.kapell.app.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as kube-apiserver's flags take them: {@code 90s}, {@code 1m30s}, {@code 500ms}. */
final class GoDuration implements ITypeConverter<Duration> {
  private static final Pattern WHOLE =
      Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s)?(?:(\\d{1,9})ms)?");

  @Override
  public Duration convert(String text) {
    Matcher matcher = WHOLE.matcher(text.equals("0") ? "0s" : text);
    if (text.isEmpty() || !matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration such as 5s, 500ms or 1m30s");
    }
    return Duration.ofHours(part(matcher, 1))
        .plusMinutes(part(matcher, 2))
        .plusSeconds(part(matcher, 3))
        .plusMillis(part(matcher, 4));
  }

  private static long part(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /** The same again, for another command line. */
  static String print(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
