package dev.kapell.store.contract;

import static dev.kapell.store.contract.StoreFixture.bytes;
import static dev.kapell.store.contract.StoreFixture.delete;
import static dev.kapell.store.contract.StoreFixture.done;
import static dev.kapell.store.contract.StoreFixture.key;
import static dev.kapell.store.contract.StoreFixture.put;
import static dev.kapell.store.contract.StoreFixture.refused;
import static dev.kapell.store.contract.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.TaskScope;
import dev.kapell.store.Commit;
import dev.kapell.store.Entry;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreException;
import dev.kapell.store.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a store promises to those who write. */
public interface WriteContract extends StoreFixture {

  @Test
  default void eachTransactionTakesTheNextRevision() throws Exception {
    Store store = open();
    assertThat(store.snapshot().revision()).isZero();
    assertThat(done(store, put("a", "1")).revision()).isEqualTo(1);
    assertThat(done(store, put("b", "1"), put("c", "1")).revision()).isEqualTo(2);
    assertThat(done(store, delete("a", Op.ANY)).revision()).isEqualTo(3);
    assertThat(store.snapshot().revision()).isEqualTo(3);
  }

  @Test
  default void anUpdateKeepsTheRevisionOfTheCreation() throws Exception {
    Store store = open();
    done(store, put("other", "x"));
    done(store, put("a", "1", Op.ABSENT));
    Entry updated = done(store, put("a", "2", 2)).entries().getFirst().orElseThrow();

    assertThat(updated.createRevision()).isEqualTo(2);
    assertThat(updated.revision()).isEqualTo(3);
    assertThat(text(store.snapshot().get(key("a")))).isEqualTo("2");
  }

  @Test
  default void aKeyThatWasDeletedIsCreatedAnew() throws Exception {
    Store store = open();
    done(store, put("a", "1"));
    done(store, delete("a", 1));
    Entry again = done(store, put("a", "2", Op.ABSENT)).entries().getFirst().orElseThrow();
    assertThat(again.createRevision()).isEqualTo(3);
  }

  @Test
  default void aStalePreconditionIsAConflictThatShowsWhatIsThere() throws Exception {
    Store store = open();
    done(store, put("a", "1"));
    done(store, put("a", "2"));

    Commit.Conflict stale = refused(store, put("a", "3", 1));
    assertThat(text(stale.actual())).isEqualTo("2");
    assertThat(stale.actual().orElseThrow().revision()).isEqualTo(2);
    assertThat(refused(store, put("a", "3", Op.ABSENT)).actual()).isPresent();
    assertThat(refused(store, put("b", "3", 7)).actual()).isEmpty();
    assertThat(refused(store, delete("a", 1)).actual()).isPresent();
    assertThat(store.snapshot().revision()).isEqualTo(2);
  }

  @Test
  default void aTransactionIsAllOrNothing() throws Exception {
    Store store = open();
    done(store, put("a", "1"));
    Op second = put("b", "2", 5);
    Commit.Conflict conflict = refused(store, put("a", "2", 1), second, delete("a2", Op.ABSENT));

    assertThat(conflict.failed()).isSameAs(second);
    assertThat(text(store.snapshot().get(key("a")))).isEqualTo("1");
    assertThat(store.snapshot().get(key("b"))).isEmpty();
  }

  @Test
  default void deletingWhatIsAbsentIsAConflictUnlessThatIsExpected() throws Exception {
    Store store = open();
    assertThat(refused(store, delete("a", Op.ANY)).actual()).isEmpty();
    assertThat(done(store, delete("a", Op.ABSENT)).entries()).containsExactly(Optional.empty());
    done(store, put("a", "1"));
    assertThat(refused(store, delete("a", Op.ABSENT)).actual()).isPresent();
  }

  @Test
  default void aDeleteReturnsTheFinalState() throws Exception {
    Store store = open();
    done(store, put("a", "1"), put("b", "1"));
    Entry asItWas = done(store, delete("a", 1)).entries().getFirst().orElseThrow();
    assertThat(text(asItWas)).isEqualTo("1");
    assertThat(asItWas.revision()).isEqualTo(2);

    byte[] last = bytes("{\"v\":" + " ".repeat(Op.STAMP_LENGTH) + "}");
    Entry stamped =
        done(store, new Op.Delete(key("b"), 1, last, 5)).entries().getFirst().orElseThrow();
    assertThat(text(stamped)).isEqualTo("{\"v\":\"3\"" + " ".repeat(19) + "}");
    assertThat(stamped.createRevision()).isEqualTo(1);
    assertThat(store.snapshot().count(TABLE, "")).isZero();
  }

  @Test
  default void aCheckHoldsATransactionToAKey() throws Exception {
    Store store = open();
    done(store, put("guard", "1"));
    Commit.Done held = done(store, new Op.Check(key("guard"), 1), put("a", "1"));
    assertThat(held.entries().getFirst().orElseThrow().revision()).isEqualTo(1);
    refused(store, new Op.Check(key("guard"), 7), put("a", "2"));
    refused(store, new Op.Check(key("guard"), Op.ABSENT), put("a", "2"));
    assertThat(text(store.snapshot().get(key("a")))).isEqualTo("1");
  }

  @Test
  default void aTransactionCanBuildOnOneWhoseRevisionIsNotKnownYet() throws Exception {
    Store store = open();
    Op.Put first = new Op.Put(key("sum"), bytes("1"), Op.ABSENT, -1);
    Op.Put second = new Op.Put(key("sum"), bytes("2"), Op.ANY, -1);
    Op.Put late = new Op.Put(key("sum"), bytes("9"), Op.ANY, -1);
    CompletionStage<Commit> one = store.submit(List.of(put("a", "1"), first));
    CompletionStage<Commit> two =
        store.submit(List.of(put("b", "1"), new Op.Follows(first), second));
    assertThat(one.toCompletableFuture().get()).isInstanceOf(Commit.Done.class);
    assertThat(two.toCompletableFuture().get()).isInstanceOf(Commit.Done.class);
    refused(store, put("c", "1"), new Op.Follows(first), late);
    assertThat(text(store.snapshot().get(key("sum")))).isEqualTo("2");
    assertThat(store.snapshot().get(key("c"))).isEmpty();
  }

  @Test
  default void whatBuildsOnATransactionThatFailedFailsToo() throws Exception {
    Store store = open();
    done(store, put("a", "1"), put("sum", "1"));
    Op.Put first = new Op.Put(key("sum"), bytes("2"), 7, -1);
    refused(store, first);
    refused(store, new Op.Follows(first), new Op.Put(key("sum"), bytes("3"), Op.ANY, -1));
    done(store, delete("sum", 1));
    refused(store, new Op.Follows(first));
  }

  @Test
  default void aTransactionThatChangesNothingTakesNoRevision() throws Exception {
    Store store = open();
    done(store, put("a", "1"));
    Commit.Done checked = done(store, new Op.Check(key("a"), 1), new Op.Check(key("b"), Op.ANY));
    assertThat(checked.revision()).isEqualTo(1);
    assertThat(checked.entries().getLast()).isEmpty();
    assertThat(done(store, delete("b", Op.ABSENT)).revision()).isEqualTo(1);
    assertThat(store.snapshot().revision()).isEqualTo(1);
  }

  @Test
  default void aValueIsStampedWithItsRevision() throws Exception {
    Store store = open();
    for (int i = 0; i < 11; i++) {
      done(store, put("filler", "x"));
    }
    byte[] value = bytes("{\"v\":" + "?".repeat(Op.STAMP_LENGTH) + "}");
    done(store, new Op.Put(key("a"), value, Op.ANY, 5));
    assertThat(text(store.snapshot().get(key("a"))))
        .isEqualTo("{\"v\":\"12\"" + " ".repeat(18) + "}");
  }

  @Test
  default void emptyAndLargeValuesAreKept() throws Exception {
    Store store = open();
    byte[] large = new byte[3 << 20];
    large[large.length - 1] = 7;
    done(store, put("empty", ""), new Op.Put(key("large"), large, Op.ANY, -1));
    assertThat(store.snapshot().get(key("empty")).orElseThrow().value()).isEmpty();
    assertThat(store.snapshot().get(key("large")).orElseThrow().value()).isEqualTo(large);
  }

  @Test
  default void aCallersMistakeIsRefusedAtOnce() {
    Store store = open();
    assertThatThrownBy(() -> store.submit(List.of(put("a", "1"), put("a", "2"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> store.submit(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.submit(List.of(new Op.Put(key("a"), bytes("x"), -1, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stamp");
  }

  @Test
  default void concurrentIncrementsAreAllCounted() throws Exception {
    Store store = open();
    done(store, put("counter", "0"));
    ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    List<Thread> writers = new ArrayList<>();
    try (TaskScope scope = new TaskScope("test", (task, e) -> failures.add(task + ": " + e))) {
      for (int w = 0; w < 8; w++) {
        writers.add(scope.start("increment", () -> increment(store, 25)));
      }
      for (Thread writer : writers) {
        assertThat(writer.join(java.time.Duration.ofSeconds(30))).isTrue();
      }
    }
    assertThat(failures).isEmpty();
    assertThat(text(store.snapshot().get(key("counter")))).isEqualTo("200");
    assertThat(store.snapshot().revision()).isEqualTo(201);
  }

  private static void increment(Store store, int times) throws InterruptedException {
    for (int done = 0; done < times; ) {
      Entry now = store.snapshot().get(key("counter")).orElseThrow();
      String next = Integer.toString(Integer.parseInt(text(now)) + 1);
      if (store.write(put("counter", next, now.revision())) instanceof Commit.Done) {
        done++;
      }
    }
  }

  @Test
  default void aQueueOfOneStillCommitsEverything() throws Exception {
    Store store = open(StoreOptions.defaults().withQueue(1, 1));
    List<CompletionStage<Commit>> commits = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      commits.add(store.submit(List.of(put("p" + i, "value"))));
    }
    for (int i = 0; i < 100; i++) {
      Commit commit = commits.get(i).toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(((Commit.Done) commit).revision()).isEqualTo(i + 1);
    }
  }

  @Test
  default void closeFinishesWhatIsQueuedAndRefusesTheRest() throws Exception {
    Store store = open();
    List<CompletionStage<Commit>> commits = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      commits.add(store.submit(List.of(put("p" + i, "1"))));
    }
    store.close();
    for (CompletionStage<Commit> commit : commits) {
      assertThat(commit.toCompletableFuture().join()).isInstanceOf(Commit.Done.class);
    }
    assertThatThrownBy(() -> store.write(put("late", "1")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> store.submit(List.of(put("late", "1"))).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StoreException.class);
    store.close();
  }
}
