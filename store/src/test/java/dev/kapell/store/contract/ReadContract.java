package dev.kapell.store.contract;

import static dev.kapell.store.contract.StoreFixture.delete;
import static dev.kapell.store.contract.StoreFixture.done;
import static dev.kapell.store.contract.StoreFixture.key;
import static dev.kapell.store.contract.StoreFixture.paths;
import static dev.kapell.store.contract.StoreFixture.put;
import static dev.kapell.store.contract.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.Randomness;
import dev.kapell.store.Commit;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import dev.kapell.store.Snapshot;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a store promises to those who read. */
public interface ReadContract extends StoreFixture {

  @Test
  default void aListIsInOrderUnderItsPrefixAfterItsStart() throws Exception {
    Store store = open();
    done(store, put("b/1", "x"), put("a/2", "x"), put("a/10", "x"), put("a", "x"), put("ab", "x"));
    done(store, new Op.Put(new Key("nodes", "a/3"), new byte[0], Op.ANY, -1));
    Snapshot all = store.snapshot();

    assertThat(paths(all.list(TABLE, "", ""))).containsExactly("a", "a/10", "a/2", "ab", "b/1");
    assertThat(paths(all.list(TABLE, "a/", ""))).containsExactly("a/10", "a/2");
    assertThat(paths(all.list(TABLE, "a/", "a/10"))).containsExactly("a/2");
    assertThat(paths(all.list(TABLE, "a/", "a/1"))).containsExactly("a/10", "a/2");
    assertThat(paths(all.list(TABLE, "a/", "b"))).isEmpty();
    assertThat(paths(all.list("services", "", ""))).isEmpty();
    assertThat(all.count(TABLE, "")).isEqualTo(5);
    assertThat(all.count(TABLE, "a/")).isEqualTo(2);
    assertThat(all.count(TABLE, "c")).isZero();
  }

  @Test
  default void aSnapshotNeverChanges() throws Exception {
    Store store = open();
    done(store, put("a", "1"), put("b", "1"));
    Snapshot before = store.snapshot();
    done(store, put("a", "2"), delete("b", Op.ANY), put("c", "1"));

    assertThat(before.revision()).isEqualTo(1);
    assertThat(text(before.get(key("a")))).isEqualTo("1");
    assertThat(paths(before.list(TABLE, "", ""))).containsExactly("a", "b");
    assertThat(paths(store.snapshot().list(TABLE, "", ""))).containsExactly("a", "c");
  }

  @Test
  default void aReadAfterAWriteShowsIt() throws Exception {
    Store store = open();
    for (int i = 0; i < 50; i++) {
      long revision = done(store, put("a", "v" + i)).revision();
      assertThat(store.snapshot().revision()).isGreaterThanOrEqualTo(revision);
      assertThat(text(store.snapshot().get(key("a")))).isEqualTo("v" + i);
    }
  }

  @Test
  default void aRandomHistoryReadsLikeASortedMap() throws Exception {
    long seed = 20261121;
    Randomness random = Randomness.seeded(seed);
    Store store = open();
    TreeMap<String, String> model = new TreeMap<>();
    List<Snapshot> snapshots = new ArrayList<>();
    List<TreeMap<String, String>> models = new ArrayList<>();
    for (int step = 0; step < 600; step++) {
      String path = "ns" + random.nextInt(4) + "/p" + random.nextInt(60);
      boolean removes = random.nextInt(3) == 0;
      Commit commit = store.write(removes ? delete(path, Op.ANY) : put(path, "v" + step));
      boolean expected = !removes || model.containsKey(path);
      assertThat(commit instanceof Commit.Done)
          .as("seed %d, step %d", seed, step)
          .isEqualTo(expected);
      if (removes) {
        model.remove(path);
      } else {
        model.put(path, "v" + step);
      }
      if (step % 50 == 0) {
        snapshots.add(store.snapshot());
        models.add(new TreeMap<>(model));
      }
    }
    for (int i = 0; i < models.size(); i++) {
      TreeMap<String, String> seen = new TreeMap<>();
      snapshots.get(i).list(TABLE, "", "").forEach(e -> seen.put(e.key().path(), text(e)));
      assertThat(seen).as("seed %d, snapshot %d", seed, i).isEqualTo(models.get(i));
      assertThat(snapshots.get(i).count(TABLE, "ns1/"))
          .as("seed %d, snapshot %d", seed, i)
          .isEqualTo(models.get(i).subMap("ns1/", "ns10").size());
    }
  }
}
