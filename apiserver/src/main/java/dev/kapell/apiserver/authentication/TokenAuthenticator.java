package dev.kapell.apiserver.authentication;

import dev.kapell.base.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a token into its user: each source is asked in turn. What was found is believed for a few
 * seconds; the cache is bounded.
 */
public final class TokenAuthenticator implements TokenSource {
  private static final Duration BELIEVED = Duration.ofSeconds(10);
  private static final int CACHED = 2000;

  private record Known(Verified verified, Instant until) {}

  private final List<TokenSource> sources;
  private final Clock clock;
  private final Map<String, Known> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > CACHED;
        }
      };

  /** Asks {@code sources} in their order. */
  public TokenAuthenticator(List<TokenSource> sources, Clock clock) {
    this.sources = List.copyOf(sources);
    this.clock = clock;
  }

  @Override
  public Optional<Verified> verify(String token, List<String> audiences) {
    String key = String.join(",", audiences) + " " + token;
    Instant now = clock.now();
    synchronized (cache) {
      Known known = cache.get(key);
      if (known != null && known.until().isAfter(now)) {
        return Optional.of(known.verified());
      }
    }
    for (TokenSource source : sources) {
      Optional<Verified> verified = source.verify(token, audiences);
      if (verified.isPresent()) {
        Instant until = now.plus(BELIEVED);
        Instant end = verified.get().until();
        synchronized (cache) {
          cache.put(key, new Known(verified.get(), until.isBefore(end) ? until : end));
        }
        return verified;
      }
    }
    return Optional.empty();
  }
}
