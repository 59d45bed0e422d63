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

  /** Nothing tells when a finalizer goes, in a kind that nobody here watches. */
  static Duration lookAgain() {
    return Duration.ofSeconds(2);
  }
}
