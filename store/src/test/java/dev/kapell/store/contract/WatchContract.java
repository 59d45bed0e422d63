package dev.kapell.store.contract;

import static dev.kapell.store.contract.StoreFixture.delete;
import static dev.kapell.store.contract.StoreFixture.done;
import static dev.kapell.store.contract.StoreFixture.key;
import static dev.kapell.store.contract.StoreFixture.put;
import static dev.kapell.store.contract.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.TaskScope;
import dev.kapell.store.CompactedException;
import dev.kapell.store.Cursor;
import dev.kapell.store.Event;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import dev.kapell.store.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a store promises to those who watch. */
public interface WatchContract extends StoreFixture {

  /** What an event says, for instance {@code 3 UPDATED a=2 (was 1)}. */
  static String line(Event event) {
    String was = event.previous().map(entry -> " (was " + text(entry) + ")").orElse("");
    return event.revision()
        + " "
        + event.kind()
        + " "
        + event.entry().key().path()
        + "="
        + text(event.entry())
        + was;
  }

  /** All that {@code cursor} has now. */
  static List<String> lines(Cursor cursor) {
    return cursor.poll(1000).stream().map(WatchContract::line).toList();
  }

  private static Cursor watch(Store store, String prefix, long after) {
    return store.watch(TABLE, prefix, after, () -> {});
  }

  /** Waits for one call. */
  private static void await(Semaphore calls) throws InterruptedException {
    assertThat(calls.tryAcquire(10, TimeUnit.SECONDS)).as("called within 10 s").isTrue();
  }

  @Test
  default void aWatchShowsEveryChangeOnceInOrder() throws Exception {
    Store store = open();
    done(store, put("a", "1"));
    done(store, put("a", "2"), put("b", "1"));
    try (Cursor cursor = watch(store, "", 0)) {
      assertThat(lines(cursor))
          .containsExactly("1 CREATED a=1", "2 UPDATED a=2 (was 1)", "2 CREATED b=1");
      assertThat(lines(cursor)).isEmpty();
      done(store, delete("a", 2));
      done(store, new Op.Delete(key("b"), 2, StoreFixture.bytes("end"), -1));
      assertThat(lines(cursor)).containsExactly("3 DELETED a=2 (was 2)", "4 DELETED b=end (was 1)");
    }
  }

  @Test
  default void aWatchBeginsAfterItsRevisionAndKeepsToItsPrefixAndTable() throws Exception {
    Store store = open();
    done(store, put("x/a", "1"));
    done(store, put("x/a", "2"));
    done(store, new Op.Put(new Key("nodes", "x/a"), new byte[0], Op.ANY, -1));
    done(store, put("y/a", "1"));
    done(store, put("x/b", "1"));
    assertThat(lines(watch(store, "x/", 1)))
        .containsExactly("2 UPDATED x/a=2 (was 1)", "5 CREATED x/b=1");
    assertThat(lines(watch(store, "", 5))).isEmpty();
    assertThat(lines(store.watch("services", "", 0, () -> {}))).isEmpty();
  }

  @Test
  default void aWatchMayBeginInTheFuture() throws Exception {
    Store store = open();
    Cursor cursor = watch(store, "", 2);
    done(store, put("a", "1"));
    done(store, put("a", "2"));
    assertThat(lines(cursor)).isEmpty();
    done(store, put("a", "3"));
    assertThat(lines(cursor)).containsExactly("3 UPDATED a=3 (was 2)");
  }

  @Test
  default void aDrainedReaderIsCalledOnceForWhatItWants() throws Exception {
    Store store = open();
    Semaphore calls = new Semaphore(0);
    Cursor cursor = store.watch(TABLE, "x/", 0, calls::release);
    done(store, put("x/a", "1"));
    assertThat(calls.availablePermits()).as("calls before a poll found nothing").isZero();
    assertThat(cursor.poll(10)).hasSize(1);
    assertThat(cursor.poll(10)).isEmpty();

    done(store, put("y/a", "1"));
    done(store, put("x/a", "2"));
    await(calls);
    done(store, put("x/a", "3"));
    Cursor other = watch(store, "", 0);
    assertThat(other.poll(10)).hasSize(4);
    assertThat(calls.availablePermits()).as("calls without a poll in between").isZero();
    assertThat(lines(cursor)).containsExactly("3 UPDATED x/a=2 (was 1)", "4 UPDATED x/a=3 (was 2)");

    assertThat(cursor.poll(10)).isEmpty();
    done(store, put("x/a", "4"));
    await(calls);
  }

  @Test
  default void aClosedCursorIsNotCalled() throws Exception {
    Store store = open();
    Semaphore calls = new Semaphore(0);
    Cursor closed = store.watch(TABLE, "", 0, calls::release);
    assertThat(closed.poll(1)).isEmpty();
    closed.close();
    Semaphore others = new Semaphore(0);
    Cursor open = store.watch(TABLE, "", 0, others::release);
    assertThat(open.poll(1)).isEmpty();
    done(store, put("a", "1"));
    await(others);
    assertThat(calls.availablePermits()).isZero();
  }

  @Test
  default void thePositionFollowsWhatWasReturned() throws Exception {
    Store store = open();
    Cursor cursor = watch(store, "x/", 0);
    done(store, put("x/a", "1"));
    done(store, put("x/b", "1"), put("x/c", "1"));
    done(store, put("y/a", "1"));
    assertThat(cursor.position()).isZero();
    assertThat(cursor.poll(1)).hasSize(1);
    assertThat(cursor.position()).isEqualTo(1);
    assertThat(cursor.poll(1)).hasSize(1);
    assertThat(cursor.position()).as("half of a transaction").isEqualTo(1);
    assertThat(cursor.poll(1)).hasSize(1);
    assertThat(cursor.poll(1)).isEmpty();
    assertThat(cursor.position()).as("past what others see").isEqualTo(3);
    done(store, new Op.Put(new Key("nodes", "n"), new byte[0], Op.ANY, -1));
    assertThat(cursor.poll(1)).isEmpty();
    assertThat(cursor.position()).as("past other tables").isEqualTo(4);
  }

  @Test
  default void aReaderThatFallsBehindIsTold() throws Exception {
    Store store = open(StoreOptions.defaults().withHistory(10, 1 << 20));
    Cursor slow = watch(store, "", 0);
    Cursor elsewhere = watch(store, "quiet/", 0);
    assertThat(elsewhere.poll(1)).isEmpty();
    for (int i = 1; i <= 30; i++) {
      done(store, put("a", "v" + i));
    }
    assertThatThrownBy(() -> slow.poll(1)).isInstanceOf(CompactedException.class);
    assertThat(elsewhere.poll(1)).as("nothing that it wants was missed").isEmpty();
    assertThat(store.oldestRevision()).isEqualTo(20);
    assertThatThrownBy(() -> watch(store, "", 19))
        .isInstanceOf(CompactedException.class)
        .hasMessageContaining("19")
        .hasMessageContaining("20");
    assertThat(watch(store, "", 20).poll(100)).hasSize(10);
  }

  @Test
  default void historyIsBoundedInBytesAndTheLargestTableGives() throws Exception {
    Store store = open(StoreOptions.defaults().withHistory(1000, 64 << 10));
    done(store, new Op.Put(new Key("nodes", "n"), new byte[10], Op.ANY, -1));
    for (int i = 0; i < 100; i++) {
      done(store, put("a", "x".repeat(4 << 10)));
    }
    int kept = watch(store, "", store.oldestRevision()).poll(1000).size();
    assertThat(kept).isBetween(10, 16);
    assertThat(store.watch("nodes", "", 0, () -> {}).poll(10)).hasSize(1);
  }

  @Test
  default void compactionForgetsHistoryAndKeepsWhatIsCurrent() throws Exception {
    Store store = open();
    done(store, put("a", "1"));
    done(store, put("b", "1"));
    done(store, put("a", "2"));
    done(store, delete("b", 2));
    store.compact(3);

    assertThat(store.oldestRevision()).isEqualTo(3);
    assertThatThrownBy(() -> watch(store, "", 2)).isInstanceOf(CompactedException.class);
    assertThat(lines(watch(store, "", 3))).containsExactly("4 DELETED b=1 (was 1)");
    assertThat(text(store.snapshot().get(key("a")))).isEqualTo("2");

    store.compact(1000);
    assertThat(store.oldestRevision()).as("no further than the newest").isEqualTo(4);
    assertThat(done(store, put("a", "3")).revision()).isEqualTo(5);
  }

  @Test
  default void closingTheStoreEndsItsWatches() throws Exception {
    Store store = open();
    done(store, put("a", "1"));
    Semaphore calls = new Semaphore(0);
    Cursor cursor = store.watch(TABLE, "", 1, calls::release);
    assertThat(cursor.poll(1)).isEmpty();
    store.close();
    await(calls);
    assertThatThrownBy(() -> cursor.poll(1)).isInstanceOf(StoreException.class);
  }

  @Test
  default void watchersAmongManyWritersMissNothing() throws Exception {
    Store store = open();
    int writers = 8;
    int each = 100;
    ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    List<Long> seen = new ArrayList<>();
    try (TaskScope scope = new TaskScope("test", (task, e) -> failures.add(task + ": " + e))) {
      for (int w = 0; w < writers; w++) {
        String path = "w" + w;
        scope.start(path, () -> writeMany(store, path, each));
      }
      Semaphore calls = new Semaphore(0);
      Cursor cursor = store.watch(TABLE, "", 0, calls::release);
      long position = 0;
      while (seen.size() < writers * each) {
        List<Event> events = cursor.poll(7);
        assertThat(cursor.position()).isGreaterThanOrEqualTo(position);
        position = cursor.position();
        assertThat(position)
            .isGreaterThanOrEqualTo(events.isEmpty() ? 0 : events.getLast().revision());
        events.forEach(event -> seen.add(event.revision()));
        if (events.isEmpty()) {
          await(calls);
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(seen).isSorted().doesNotHaveDuplicates().hasSize(writers * each);
    assertThat(seen.getLast()).isEqualTo((long) writers * each);
  }

  private static void writeMany(Store store, String path, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      done(store, put(path, "v" + i));
    }
  }
}
