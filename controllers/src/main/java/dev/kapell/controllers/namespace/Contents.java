package dev.kapell.controllers.namespace;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is still in a namespace after everything has been asked to go. Immutable.
 *
 * @param remaining how many objects there are of each resource, by its qualified name
 * @param finalizers on how many of them each finalizer stands
 * @param failure why something could not be deleted or listed; empty when nothing failed
 */
record Contents(Map<String, Integer> remaining, Map<String, Integer> finalizers, String failure) {
  private static final Duration SOONEST = Duration.ofSeconds(2);
  private static final Duration LATEST = Duration.ofMinutes(5);

  Contents {
    remaining = Map.copyOf(remaining);
    finalizers = Map.copyOf(finalizers);
  }

  boolean isEmpty() {
    return remaining.isEmpty() && failure.isEmpty();
  }

  /** As the reference writes it: {@code pods. has 2 resource instances}. */
  String remainingText() {
    return new TreeMap<>(remaining)
        .entrySet().stream()
            .map(e -> resource(e.getKey()) + " has " + e.getValue() + " resource instances")
            .collect(Collectors.joining(", ", "Some resources are remaining: ", ""));
  }

  String finalizersText() {
    return new TreeMap<>(finalizers)
        .entrySet().stream()
            .map(e -> e.getKey() + " in " + e.getValue() + " resource instances")
            .collect(
                Collectors.joining(
                    ", ", "Some content in the namespace has finalizers remaining: ", ""));
  }

  private static String resource(String name) {
    return name.contains(".") ? name : name + ".";
  }

  /**
   * When to look again after waiting for so long. Nothing tells when a finalizer goes, in a kind
   * that nobody here watches; but what has not gone for an hour is not looked for each second.
   */
  static Duration lookAgain(Duration waited) {
    if (waited.compareTo(SOONEST) < 0) {
      return SOONEST;
    }
    return waited.compareTo(LATEST) < 0 ? waited : LATEST;
  }
}
