package dev.kapell.node.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.host.runtime.Images;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageGarbageTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = START.plus(Duration.ofHours(1));
  private static final Set<String> NONE = Set.of();

  private final ImageGarbage garbage = new ImageGarbage();

  private static Images.Image image(String name) {
    return new Images.Image("id-" + name, List.of(name), List.of(), 100, null, "");
  }

  private static List<String> names(List<Images.Image> images) {
    return images.stream().map(image -> image.tags().getFirst()).toList();
  }

  @Test
  void theOneUnusedForTheLongestGoesFirstAndNoMoreThanNeeded() {
    List<Images.Image> all = List.of(image("r/a:1"), image("r/b:1"), image("r/c:1"));
    garbage.look(all, Set.of("id-r/a:1", "id-r/c:1"), START);
    garbage.look(all, Set.of("id-r/a:1"), START.plusSeconds(600));
    garbage.look(all, Set.of("id-r/c:1"), START.plusSeconds(1200));
    assertThat(names(garbage.choose(all, NONE, LATER, 101))).containsExactly("r/b:1", "r/a:1");
    assertThat(names(garbage.choose(all, NONE, LATER, 1))).containsExactly("r/b:1");
    assertThat(garbage.choose(all, NONE, LATER, 0)).isEmpty();
  }

  @Test
  void whatIsInUseOrYoungOrOfNoRegistryStays() {
    List<Images.Image> all =
        List.of(
            image("r/used:1"),
            image("r/idle:1"),
            image("localhost/kapell/pause:1"),
            image("kapell.local/toolbox:1"));
    garbage.look(all, NONE, START);
    assertThat(names(garbage.choose(all, Set.of("id-r/used:1"), LATER, Long.MAX_VALUE)))
        .containsExactly("r/idle:1");
    assertThat(garbage.choose(all, NONE, START.plusSeconds(60), Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void anImageThatWasNeverLookedAtStays() {
    assertThat(garbage.choose(List.of(image("r/new:1")), NONE, LATER, Long.MAX_VALUE)).isEmpty();
  }
}
