package dev.kapell.testkit;

import dev.kapell.api.ApiObject;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ResourceType;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits, on a cache, for one object to become what a test expects. */
final class Waiting<T extends ApiObject> {
  private final Cache<T> cache;
  private final ObjectKey key;

  Waiting(Caches caches, ResourceType<T> type, ObjectKey key) {
    this.cache = caches.of(type);
    this.key = key;
  }

  /** The first answer that {@code judge} gives about the object, which may be absent. */
  <R> R until(Function<Optional<T>, Optional<R>> judge, Duration limit)
      throws InterruptedException {
    if (!cache.awaitSynced(limit)) {
      throw new AssertionError("the API server did not list " + cache.type() + " within " + limit);
    }
    CompletableFuture<R> answer = new CompletableFuture<>();
    Cache.Registration listening =
        cache.onChange((before, after) -> ask(judge, answer, before == null ? after : before));
    try {
      ask(judge, answer, null);
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(
          cache.type()
              + " "
              + key
              + " did not become what was awaited within "
              + limit.toSeconds()
              + " s; now it is "
              + now(),
          e);
    } catch (ExecutionException e) {
      throw new AssertionError(
          "the condition on " + cache.type() + " " + key + " threw", e.getCause());
    } finally {
      listening.close();
    }
  }

  private <R> void ask(
      Function<Optional<T>, Optional<R>> judge, CompletableFuture<R> answer, @Nullable T changed) {
    if (changed != null && !ObjectKey.of(changed).equals(key)) {
      return;
    }
    try {
      judge.apply(cache.find(key)).ifPresent(answer::complete);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private String now() {
    return cache
        .find(key)
        .map(o -> new String(JsonCodec.encode(cache.type().codec(), o), StandardCharsets.UTF_8))
        .orElse("absent");
  }
}
