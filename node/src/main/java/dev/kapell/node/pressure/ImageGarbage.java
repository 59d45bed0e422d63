package dev.kapell.node.pressure;

import dev.kapell.host.runtime.Images;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which images may go: never one in use, nor one that no registry could give back; the one that was
 * not used for the longest time first. Pure but for what it remembers of earlier looks.
 */
final class ImageGarbage {
  /** A pulled image whose container is still to come is not garbage. */
  private static final Duration YOUNG = Duration.ofMinutes(2);

  private static final List<String> WITHOUT_REGISTRY = List.of("localhost/", "kapell.local/");

  private record Known(Instant since, Instant used) {}

  private final Map<String, Known> known = new HashMap<>();

  /** Notes what there is and which ids are in use now. */
  void look(List<Images.Image> images, Set<String> inUse, Instant now) {
    known.keySet().retainAll(images.stream().map(Images.Image::id).toList());
    for (Images.Image image : images) {
      Known before = known.getOrDefault(image.id(), new Known(now, now));
      known.put(image.id(), inUse.contains(image.id()) ? new Known(before.since(), now) : before);
    }
  }

  /** What to remove, in order, until {@code bytes} are free. */
  List<Images.Image> choose(List<Images.Image> images, Set<String> inUse, Instant now, long bytes) {
    List<Images.Image> candidates =
        images.stream()
            .filter(image -> !inUse.contains(image.id()) && isReplaceable(image))
            .filter(image -> known(image, now).since().plus(YOUNG).isBefore(now))
            .sorted(
                Comparator.comparing((Images.Image image) -> known(image, now).used())
                    .thenComparing(Images.Image::id))
            .toList();
    List<Images.Image> chosen = new ArrayList<>();
    long freed = 0;
    for (Images.Image candidate : candidates) {
      if (freed >= bytes) {
        break;
      }
      chosen.add(candidate);
      freed += candidate.sizeBytes();
    }
    return chosen;
  }

  private Known known(Images.Image image, Instant now) {
    return known.getOrDefault(image.id(), new Known(now, now));
  }

  private static boolean isReplaceable(Images.Image image) {
    return image.tags().stream()
        .noneMatch(tag -> WITHOUT_REGISTRY.stream().anyMatch(tag::startsWith));
  }
}
