package dev.kapell.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedTreeTest {

  @Test
  void anEmptyTreeHasNothing() {
    SortedTree<String> tree = SortedTree.empty();
    assertThat(tree.size()).isZero();
    assertThat(tree.get("a")).isNull();
    assertThat(tree.values()).isEmpty();
    assertThat(tree.without("a")).isSameAs(tree);
    assertThat(tree.rank("a")).isZero();
    assertThat(tree.rankAfter("")).isZero();
  }

  @Test
  void prefixesEndAtTheHighestCharacterToo() {
    SortedTree<String> tree = SortedTree.empty();
    for (String key : List.of("a", "a\uffff", "a\uffff\uffffz", "b", "\uffff")) {
      tree = tree.with(key, key);
    }
    assertThat(tree.rankAfter("a\uffff")).isEqualTo(3);
    assertThat(tree.rankAfter("\uffff")).isEqualTo(5);
    assertThat(tree.rankAfter("")).isEqualTo(5);
    assertThat(tree.rankAfter("a")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aRandomHistoryIsThatOfATreeMap(long seed) {
    Randomness random = Randomness.seeded(seed);
    int keys = 20 << (2 * (seed % 5));
    SortedTree<Integer> tree = SortedTree.empty();
    TreeMap<String, Integer> model = new TreeMap<>();
    List<SortedTree<Integer>> versions = new ArrayList<>();
    List<TreeMap<String, Integer>> models = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      // The tree grows and shrinks in turn.
      int removing = step / 4000 % 2 == 0 ? 2 : 8;
      String key = "ns" + random.nextInt(5) + "/" + random.nextInt(keys);
      if (random.nextInt(10) < removing) {
        tree = tree.without(key);
        model.remove(key);
      } else {
        tree = tree.with(key, step);
        model.put(key, step);
      }
      if (step % 1000 == 0) {
        versions.add(tree);
        models.add(new TreeMap<>(model));
      }
    }
    for (int i = 0; i < versions.size(); i++) {
      assertSame(versions.get(i), models.get(i), "seed " + seed + ", version " + i);
    }
    for (String key : new ArrayList<>(model.keySet())) {
      tree = tree.without(key);
    }
    assertSame(tree, new TreeMap<>(), "seed " + seed + ", emptied");
  }

  @Test
  void ascendingAndDescendingKeysKeepItBalanced() {
    SortedTree<Integer> up = SortedTree.empty();
    SortedTree<Integer> down = SortedTree.empty();
    TreeMap<String, Integer> model = new TreeMap<>();
    for (int i = 0; i < 5000; i++) {
      up = up.with("%05d".formatted(i), i);
      down = down.with("%05d".formatted(4999 - i), 4999 - i);
      model.put("%05d".formatted(i), i);
    }
    assertSame(up, model, "up");
    assertSame(down, model, "down");
  }

  private static void assertSame(
      SortedTree<Integer> tree, NavigableMap<String, Integer> model, String where) {
    tree.checkStructure();
    assertThat(tree.size()).as(where).isEqualTo(model.size());
    assertThat(tree.values().toList()).as(where).isEqualTo(List.copyOf(model.values()));
    for (String probe : List.of("", "ns1/", "ns2/1", "ns3/zz", "ns4/77", "00042", "z")) {
      String end = probe + "\uffff";
      assertThat(tree.get(probe)).as(where + ": " + probe).isEqualTo(model.get(probe));
      assertThat(tree.rank(probe)).as(where + ": " + probe).isEqualTo(model.headMap(probe).size());
      assertThat(tree.values(tree.rank(probe), tree.rankAfter(probe)).toList())
          .as(where + ": " + probe)
          .isEqualTo(List.copyOf(model.subMap(probe, end).values()));
    }
  }
}
