package dev.kapell.controllers.autoscaling;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.resource.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the metrics APIs answer. Pure; throws {@link IllegalArgumentException} on other shapes. */
final class Answers {
  private static final Pattern SPAN = Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:([\\d.]+)s)?");

  private Answers() {}

  /**
   * A {@code PodMetricsList} of {@code metrics.k8s.io}: the use of a resource by the pod's name.
   * Pods of which a container is not measured are left out.
   *
   * @param container the only one that counts; empty for all
   */
  static Map<String, Sample> usage(byte[] json, String resource, String container) {
    Map<String, Sample> samples = new LinkedHashMap<>();
    for (Map<?, ?> pod : items(json)) {
      String name = text(child(pod, "metadata"), "name");
      OptionalLong used = used(pod, resource, container, name);
      if (used.isPresent()) {
        samples.put(name, new Sample(used.getAsLong(), time(pod), span(text(pod, "window"))));
      }
    }
    return samples;
  }

  private static OptionalLong used(
      Map<?, ?> pod, String resource, String container, String podName) {
    long milli = 0;
    boolean any = false;
    for (Map<?, ?> each : maps(pod.get("containers"))) {
      if (!container.isEmpty() && !container.equals(text(each, "name"))) {
        continue;
      }
      String quantity = text(child(each, "usage"), resource);
      if (quantity.isEmpty()) {
        return OptionalLong.empty();
      }
      milli += Quantity.parse(quantity).milliValue();
      any = true;
    }
    if (!any && !container.isEmpty()) {
      throw new IllegalArgumentException(
          "container " + container + " not present in metrics for pod " + podName);
    }
    return any ? OptionalLong.of(milli) : OptionalLong.empty();
  }

  /** A {@code MetricValueList} of {@code custom.metrics.k8s.io}, by the name of what it is of. */
  static Map<String, Sample> values(byte[] json) {
    Map<String, Sample> samples = new LinkedHashMap<>();
    for (Map<?, ?> value : items(json)) {
      Object seconds = value.get("windowSeconds");
      Duration window =
          seconds instanceof Number number
              ? Duration.ofSeconds(number.longValue())
              : Duration.ofMinutes(1);
      samples.put(
          text(child(value, "describedObject"), "name"),
          new Sample(milli(value), time(value), window));
    }
    return samples;
  }

  /** An {@code ExternalMetricValueList}: the sum. Empty when it has no value. */
  static OptionalLong sum(byte[] json) {
    List<Map<?, ?>> items = items(json);
    return items.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(items.stream().mapToLong(Answers::milli).sum());
  }

  private static long milli(Map<?, ?> value) {
    return Quantity.parse(text(value, "value")).milliValue();
  }

  private static List<Map<?, ?>> items(byte[] json) {
    if (JsonCodec.readTree(json) instanceof Map<?, ?> list) {
      return maps(list.get("items"));
    }
    throw new IllegalArgumentException("the answer is no list");
  }

  private static List<Map<?, ?>> maps(@Nullable Object value) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }

  private static Map<?, ?> child(Map<?, ?> of, String name) {
    return of.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(Map<?, ?> of, String name) {
    Object value = of.get(name);
    return value instanceof String || value instanceof Number ? value.toString() : "";
  }

  private static Instant time(Map<?, ?> of) {
    try {
      return Instant.parse(text(of, "timestamp"));
    } catch (DateTimeParseException e) {
      return Instant.EPOCH; // Who measures without a time measures too early for any pod.
    }
  }

  private static Duration span(String text) {
    Matcher matcher = SPAN.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      return Duration.ZERO;
    }
    double seconds = number(matcher.group(3)) + 60 * number(matcher.group(2));
    return Duration.ofMillis(Math.round(1000 * (seconds + 3600 * number(matcher.group(1)))));
  }

  private static double number(@Nullable String text) {
    return text == null ? 0 : Double.parseDouble(text);
  }
}
