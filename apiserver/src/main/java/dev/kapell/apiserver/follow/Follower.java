package dev.kapell.apiserver.follow;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import java.time.Duration;
import java.util.List;

/**
 * Lists kinds and watches them from there on, telling a {@link Sink} of each change, until closed.
 */
public final class Follower implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Client client;
  private final Clock clock;
  private final TaskScope watches;

  /** Hears of objects of one kind: from one thread at a time. */
  public interface Sink<T> {
    /** Everything that is there; what was told before no longer counts. */
    void reset(List<T> all);

    /** An object that is new or changed. */
    void put(T object);

    /** An object that is gone. */
    void remove(ObjectKey key);
  }

  /**
   * Reads through {@code client}.
   *
   * @param name of its threads
   */
  public Follower(Client client, Clock clock, String name) {
    this.client = client;
    this.clock = clock;
    this.watches =
        new TaskScope(name, (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
  }

  /** Tells {@code sink} of everything of {@code type} before it returns, and of changes after. */
  public <T extends ApiObject> void follow(ResourceType<T> type, Sink<T> sink) {
    follow(type, ListQuery.ALL, sink);
  }

  /** The same of those that {@code query} selects. */
  public <T extends ApiObject> void follow(ResourceType<T> type, ListQuery query, Sink<T> sink) {
    String from = load(type, query, sink);
    watches.start(type.plural(), () -> run(type, query, sink, from));
  }

  private <T extends ApiObject> String load(ResourceType<T> type, ListQuery query, Sink<T> sink) {
    Listing<T> listing = client.list(type, query);
    sink.reset(listing.items());
    return listing.resourceVersion();
  }

  private <T extends ApiObject> void run(
      ResourceType<T> type, ListQuery query, Sink<T> sink, String start)
      throws InterruptedException {
    String from = start;
    while (!watches.isClosed()) {
      try (Watch<T> watch = client.watch(type, query, from)) {
        while (true) {
          from = tell(watch.next(), sink, from);
        }
      } catch (WatchClosedException ended) {
        LOG.log(System.Logger.Level.DEBUG, "watch of {0} ended, going on", type);
        clock.sleep(RETRY);
      } catch (ApiFailure failure) {
        LOG.log(System.Logger.Level.DEBUG, "watch of {0} failed, listing again", type);
        clock.sleep(RETRY);
        from = load(type, query, sink);
      }
    }
  }

  private static <T extends ApiObject> String tell(WatchEvent<T> event, Sink<T> sink, String from) {
    return switch (event) {
      case WatchEvent.Added<T>(T object) -> put(object, sink);
      case WatchEvent.Modified<T>(T object) -> put(object, sink);
      case WatchEvent.Deleted<T>(T object) -> {
        sink.remove(ObjectKey.of(object));
        yield object.metadata().resourceVersionOr(from);
      }
      case WatchEvent.Bookmark<T>(String revision) -> revision;
    };
  }

  private static <T extends ApiObject> String put(T object, Sink<T> sink) {
    sink.put(object);
    return object.metadata().resourceVersionOr("");
  }

  @Override
  public void close() {
    watches.close();
  }
}
