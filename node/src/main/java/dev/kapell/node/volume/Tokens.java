package dev.kapell.node.volume;

import dev.kapell.base.Clock;
import dev.kapell.node.config.PodFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Service account tokens, each used until 80 % of its life has passed. Thread-safe. */
final class Tokens {
  private record Key(String podUid, String audience, long seconds) {}

  private record Held(VolumeSources.Token token, Instant renewAt) {}

  private final VolumeSources sources;
  private final Clock clock;
  private final Map<Key, Held> held = new ConcurrentHashMap<>();

  Tokens(VolumeSources sources, Clock clock) {
    this.sources = sources;
    this.clock = clock;
  }

  String current(PodFacts pod, String audience, long seconds) {
    Key key = new Key(pod.uid(), audience, seconds);
    Instant now = clock.now();
    Held known = held.get(key);
    if (known == null || !known.renewAt().isAfter(now)) {
      VolumeSources.Token token = sources.token(pod, audience, seconds);
      Duration life = Duration.between(now, token.expires());
      known = new Held(token, now.plus(life.multipliedBy(4).dividedBy(5)));
      held.put(key, known);
    }
    return known.token().text();
  }

  /** When the first of a pod's tokens has to be renewed. */
  Optional<Instant> renewAt(String podUid) {
    return held.entrySet().stream()
        .filter(e -> e.getKey().podUid().equals(podUid))
        .map(e -> e.getValue().renewAt())
        .min(Instant::compareTo);
  }

  void forget(String podUid) {
    held.keySet().removeIf(key -> key.podUid().equals(podUid));
  }
}
