package dev.kapell.scheduler.gang;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A gang, as one of its pods names it.
 *
 * @param key the pods' namespace and the gang's name
 * @param size how many pods run side by side from now on, as whoever made the pod knew it
 * @param timeout how long room that is being made is kept for it
 */
public record Gang(ObjectKey key, int size, Duration timeout) {
  private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(5);
  private static final Reading NONE = new Reading.None();
  private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,5})(s|m|h)");
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,4}");

  /** What the annotations of a pod say. */
  public sealed interface Reading {
    /** It is in no gang. */
    record None() implements Reading {}

    /** It is in one. */
    record Member(Gang gang) implements Reading {}

    /** They cannot be read; {@code message} says what they have to look like. */
    record Invalid(String message) implements Reading {}
  }

  /** Whether two states of a pod say the same of its gang. */
  public static boolean isSame(Pod one, Pod other) {
    Map<String, String> said = one.metadata().annotations();
    Map<String, String> says = other.metadata().annotations();
    return said.equals(says)
        || Stream.of(BatchMarks.GANG, BatchMarks.GANG_SIZE, BatchMarks.GANG_TIMEOUT)
            .allMatch(mark -> Objects.equals(said.get(mark), says.get(mark)));
  }

  /** Reads the annotations of {@code pod}. */
  public static Reading read(Pod pod) {
    Map<String, String> annotations = pod.metadata().annotations();
    if (annotations.isEmpty()) {
      return NONE;
    }
    String name = annotations.get(BatchMarks.GANG);
    if (name == null) {
      return annotations.containsKey(BatchMarks.GANG_SIZE)
              || annotations.containsKey(BatchMarks.GANG_TIMEOUT)
          ? new Reading.Invalid(
              "annotation " + BatchMarks.GANG + " is missing: it names the pod's gang")
          : NONE;
    }
    if (name.isBlank()) {
      return new Reading.Invalid(
          "annotation " + BatchMarks.GANG + " is empty: it names the pod's gang");
    }
    String size = annotations.getOrDefault(BatchMarks.GANG_SIZE, "");
    if (!COUNT.matcher(size).matches()) {
      return new Reading.Invalid(
          "annotation "
              + BatchMarks.GANG_SIZE
              + " must be the number of pods in the gang, 1 to 99999, not \""
              + size
              + "\"");
    }
    String span = annotations.get(BatchMarks.GANG_TIMEOUT);
    Optional<Duration> timeout = span == null ? Optional.of(USUAL_TIMEOUT) : span(span);
    if (timeout.isEmpty()) {
      return new Reading.Invalid(
          "annotation "
              + BatchMarks.GANG_TIMEOUT
              + " must be a time such as 90s, 5m or 1h, not \""
              + span
              + "\"");
    }
    ObjectKey key = new ObjectKey(pod.metadata().namespaceOr(""), name);
    return new Reading.Member(new Gang(key, Integer.parseInt(size), timeout.get()));
  }

  private static Optional<Duration> span(String text) {
    Matcher matcher = SPAN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        });
  }
}
