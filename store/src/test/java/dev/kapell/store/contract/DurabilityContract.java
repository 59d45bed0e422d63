package dev.kapell.store.contract;

import static dev.kapell.store.contract.StoreFixture.bytes;
import static dev.kapell.store.contract.StoreFixture.delete;
import static dev.kapell.store.contract.StoreFixture.done;
import static dev.kapell.store.contract.StoreFixture.key;
import static dev.kapell.store.contract.StoreFixture.put;
import static dev.kapell.store.contract.StoreFixture.text;
import static dev.kapell.store.contract.WatchContract.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.Randomness;
import dev.kapell.store.CompactedException;
import dev.kapell.store.Entry;
import dev.kapell.store.Op;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises that outlives its process. */
public interface DurabilityContract extends StoreFixture {

  /** Closes {@code store} and opens what it left; the fixture closes the result after the test. */
  Store reopen(Store store, StoreOptions options);

  private static List<String> everything(Store store) {
    return store.snapshot().list(TABLE, "", "").map(DurabilityContract::line).toList();
  }

  private static String line(Entry entry) {
    return "%s=%s (%d, %d)"
        .formatted(entry.key().path(), text(entry), entry.createRevision(), entry.revision());
  }

  @Test
  default void everythingIsThereAfterARestart() throws Exception {
    Store store = open();
    done(store, put("a", "1"), put("b", "1"));
    done(store, put("a", "2"), put("empty", ""));
    done(store, delete("b", 1));
    Store again = reopen(store, StoreOptions.defaults());

    assertThat(everything(again)).containsExactly("a=2 (1, 2)", "empty= (2, 2)");
    assertThat(again.snapshot().revision()).isEqualTo(3);
    assertThat(done(again, put("a", "3", 2)).revision()).isEqualTo(4);
  }

  @Test
  default void aWatchGoesOnAcrossARestart() throws Exception {
    Store store = open();
    done(store, put("a", "1"), put("b", "1"), put("c", "1"));
    done(store, put("a", "2"));
    done(store, delete("b", 1));
    done(store, new Op.Delete(key("c"), 1, bytes("end"), -1));
    Store again = reopen(store, StoreOptions.defaults());
    done(again, put("d", "1"));

    assertThat(lines(again.watch(TABLE, "", 1, () -> {})))
        .containsExactly(
            "2 UPDATED a=2 (was 1)",
            "3 DELETED b=1 (was 1)",
            "4 DELETED c=end (was 1)",
            "5 CREATED d=1");
    assertThat(lines(again.watch(TABLE, "", 0, () -> {}))).hasSize(7);
  }

  @Test
  default void compactionOutlivesARestartAndNoRevisionComesTwice() throws Exception {
    Store store = open();
    done(store, put("a", "1"));
    done(store, put("b", "1"));
    done(store, delete("b", 2));
    store.compact(3);
    Store again = reopen(store, StoreOptions.defaults());

    assertThat(again.oldestRevision()).isEqualTo(3);
    assertThat(again.snapshot().revision()).isEqualTo(3);
    assertThatThrownBy(() -> again.watch(TABLE, "", 2, () -> {}))
        .isInstanceOf(CompactedException.class);
    assertThat(everything(again)).containsExactly("a=1 (1, 1)");
    assertThat(done(again, put("b", "2")).revision()).isEqualTo(4);
  }

  @Test
  default void aShorterHistoryIsTakenOver() throws Exception {
    Store store = open();
    for (int i = 1; i <= 40; i++) {
      done(store, put("a", "v" + i));
    }
    Store again = reopen(store, StoreOptions.defaults().withHistory(10, 1 << 20));
    assertThat(again.oldestRevision()).isEqualTo(30);
    assertThat(again.watch(TABLE, "", 30, () -> {}).poll(100)).hasSize(10);
    assertThat(everything(again)).containsExactly("a=v40 (1, 40)");
  }

  @Test
  default void aRandomHistoryIsTheSameAfterEachRestart() throws Exception {
    long seed = 4711;
    Randomness random = Randomness.seeded(seed);
    StoreOptions options = StoreOptions.defaults().withHistory(100, 1 << 20);
    Store store = open(options);
    for (int round = 0; round < 6; round++) {
      for (int step = 0; step < 400; step++) {
        String path = "p" + random.nextInt(40);
        String other = "q" + random.nextInt(40);
        switch (random.nextInt(4)) {
          case 0 -> store.write(delete(path, Op.ANY));
          case 1 -> store.write(new Op.Delete(key(path), Op.ANY, bytes("end" + step), -1));
          case 2 -> store.write(List.of(put(path, "v" + step), put(other, "w" + step)));
          default -> store.write(put(path, "u" + step));
        }
        if (random.nextInt(500) == 0) {
          store.compact(store.snapshot().revision() - random.nextInt(120));
        }
      }
      List<String> before = everything(store);
      long oldest = store.oldestRevision();
      List<String> history = lines(store.watch(TABLE, "", oldest, () -> {}));
      store = reopen(store, options);
      assertThat(everything(store)).as("seed %d, round %d", seed, round).isEqualTo(before);
      assertThat(store.oldestRevision())
          .as("seed %d, round %d", seed, round)
          .isLessThanOrEqualTo(oldest);
      assertThat(lines(store.watch(TABLE, "", oldest, () -> {})))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(history);
    }
  }
}
