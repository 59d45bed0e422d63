package dev.kapell.control.cache;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.base.Backoff;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Listing;
import dev.kapell.client.Reader;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import java.time.Duration;

/**
 * Keeps one cache current: list, watch, and on 410 or a failure list again after a growing wait. A
 * stream that merely ended goes on from the last revision.
 *
 * <pre>
 *   list ──▶ watch ──▶ next* ──closed──▶ watch (same revision)
 *    ▲                   │
 *    └──back-off◀── 410, refused, failed
 * </pre>
 *
 * <p>Runs on the cache's own virtual thread until it is interrupted.
 */
final class Feed<T extends ApiObject> {
  private static final System.Logger LOG = System.getLogger("kapell.control");
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(15));

  private final Reader reader;
  private final Clock clock;
  private final Cache<T> cache;
  private final ResourceType<T> type;
  private String revision = "";
  private int failures;

  Feed(Reader reader, Clock clock, Cache<T> cache) {
    this.reader = reader;
    this.clock = clock;
    this.cache = cache;
    this.type = cache.type();
  }

  void run() throws InterruptedException {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (revision.isEmpty()) {
          Listing<T> listing = reader.list(type, cache.query());
          cache.replaceAll(listing);
          revision = listing.resourceVersion();
        }
        follow();
      } catch (WatchClosedException e) {
        LOG.log(System.Logger.Level.DEBUG, "watch closed type={0} cause={1}", type, e.getMessage());
        waitBeforeRetry();
      } catch (ApiFailure e) {
        if (e.isExpired()) {
          LOG.log(System.Logger.Level.DEBUG, "watch expired type={0} revision={1}", type, revision);
        } else {
          LOG.log(System.Logger.Level.WARNING, "watch refused type={0} cause={1}", type, e);
        }
        revision = "";
        waitBeforeRetry();
      } catch (RuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LOG.log(System.Logger.Level.WARNING, "watch failed type=" + type, e);
        revision = "";
        waitBeforeRetry();
      }
    }
  }

  private void follow() throws InterruptedException {
    try (Watch<T> watch = reader.watch(type, cache.query(), revision)) {
      while (true) {
        WatchEvent<T> event = watch.next();
        failures = 0;
        switch (event) {
          case WatchEvent.Added<T>(T object) -> told(object);
          case WatchEvent.Modified<T>(T object) -> told(object);
          case WatchEvent.Deleted<T>(T object) -> {
            cache.toldGone(object);
            revision = object.metadata().resourceVersionOr(revision);
          }
          case WatchEvent.Bookmark<T>(String upTo) -> {
            cache.toldUpTo(upTo);
            revision = upTo;
          }
        }
      }
    }
  }

  private void told(T object) {
    cache.told(object);
    revision = object.metadata().resourceVersionOr(revision);
  }

  /** The first retry is at once: a stream that ends after it had delivered is no failure. */
  private void waitBeforeRetry() throws InterruptedException {
    clock.sleep(BACKOFF.after(failures));
    failures++;
  }
}
