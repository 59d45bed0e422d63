package dev.kapell.apiserver.delegation;

import dev.kapell.base.Clock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers to questions, each for a time; the ones not asked for longest go first. Of a question
 * only a digest is kept, so that neither its size nor a token in it stays in memory. Thread-safe.
 */
final class AnswerCache<T> {
  private static final int ENTRIES = 8192;

  private record Known<T>(T answer, Instant until) {}

  private final Clock clock;
  private final Map<String, Known<T>> answers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known<T>> eldest) {
          return size() > ENTRIES;
        }
      };

  AnswerCache(Clock clock) {
    this.clock = clock;
  }

  Optional<T> find(byte[] question) {
    String key = digest(question);
    synchronized (answers) {
      Known<T> known = answers.get(key);
      if (known == null) {
        return Optional.empty();
      }
      if (!known.until().isAfter(clock.now())) {
        answers.remove(key);
        return Optional.empty();
      }
      return Optional.of(known.answer());
    }
  }

  void keep(byte[] question, T answer, Duration time) {
    if (time.isPositive()) {
      Known<T> known = new Known<>(answer, clock.now().plus(time));
      synchronized (answers) {
        answers.put(digest(question), known);
      }
    }
  }

  private static String digest(byte[] question) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(question);
      return new String(Base64.getEncoder().encode(digest), StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
