package dev.kapell.store;

import java.util.Arrays;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A persistent sorted map from strings (by their UTF-16 units) to {@code V}: a change returns a new
 * tree that shares all but one path with the old one. Immutable, so that every version is a free,
 * consistent snapshot.
 *
 * <p>A B-tree: its leaves hold up to {@link Node#LIMIT} neighbours in one array, so a list of
 * thousands of entries walks arrays, not pointers. Inner nodes know how many entries lie below, so
 * a rank, and with it the count of a prefix, costs O(log n) as {@link #get} and {@link #with} do.
 */
final class SortedTree<V> {
  private static final SortedTree<Object> EMPTY = new SortedTree<>(Leaf.EMPTY);

  private final Node root;

  private SortedTree(Node root) {
    this.root = root;
  }

  /** The tree without entries. */
  @SuppressWarnings("unchecked") // It holds no value, so it is a tree of any values.
  static <V> SortedTree<V> empty() {
    return (SortedTree<V>) EMPTY;
  }

  /** The value under {@code key}. */
  @SuppressWarnings("unchecked") // Only with(String, V) puts values in.
  @Nullable V get(String key) {
    return (V) root.get(key);
  }

  /** This tree, with {@code key} leading to {@code value}. */
  SortedTree<V> with(String key, V value) {
    Node changed = root.with(key, value);
    return new SortedTree<>(changed.slots() <= Node.LIMIT ? changed : Inner.of(changed.halves()));
  }

  /** This tree without {@code key}; itself when it has none. */
  SortedTree<V> without(String key) {
    Node changed = root.without(key);
    if (changed == root) {
      return this;
    }
    return new SortedTree<>(
        changed instanceof Inner inner && inner.slots() == 1 ? inner.child(0) : changed);
  }

  /** How many entries there are. */
  int size() {
    return root.size();
  }

  /** How many keys sort before {@code key}. */
  int rank(String key) {
    return root.rank(key);
  }

  /**
   * How many keys sort before the first that neither starts with nor sorts before {@code prefix}.
   */
  int rankAfter(String prefix) {
    int last = prefix.length() - 1;
    while (last >= 0 && prefix.charAt(last) == Character.MAX_VALUE) {
      last--;
    }
    return last < 0 ? size() : rank(prefix.substring(0, last) + (char) (prefix.charAt(last) + 1));
  }

  /** The values of the keys with a rank from {@code from} to {@code to} (exclusive), in order. */
  Stream<V> values(int from, int to) {
    return StreamSupport.stream(new Values<V>(root, from, Math.max(from, to)), false);
  }

  /** All values, in order. */
  Stream<V> values() {
    return values(0, size());
  }

  /** Says what is wrong with the inner structure; for tests. */
  void checkStructure() {
    root.check(true);
  }

  /** A leaf or an inner node; a slot is an entry of the one and a child of the other. */
  private abstract static sealed class Node {
    /** The most slots of a node; one more, and whoever holds it splits it in halves. */
    static final int LIMIT = 32;

    /** A node other than the root with fewer slots is merged with its neighbour. */
    static final int LEAST = LIMIT / 4;

    abstract int slots();

    abstract int size();

    abstract String first();

    abstract @Nullable Object get(String key);

    abstract Node with(String key, Object value);

    /** The node itself when it lacks the key; may end up with too few slots. */
    abstract Node without(String key);

    abstract int rank(String key);

    /** The leaf that holds the entry of rank {@code index}, moved into {@code place}. */
    abstract void find(int index, Values<?> place);

    abstract Node part(int from, int to);

    abstract Node joined(Node right);

    abstract void check(boolean root);

    final Node[] halves() {
      int middle = slots() / 2;
      return new Node[] {part(0, middle), part(middle, slots())};
    }

    final void require(boolean holds, String what) {
      if (!holds) {
        throw new IllegalStateException(what + " in the node that starts at " + first());
      }
    }
  }

  private static final class Leaf extends Node {
    static final Leaf EMPTY = new Leaf(new String[0], new Object[0]);

    private final String[] keys;
    private final Object[] values;

    Leaf(String[] keys, Object[] values) {
      this.keys = keys;
      this.values = values;
    }

    @Override
    int slots() {
      return keys.length;
    }

    @Override
    int size() {
      return keys.length;
    }

    @Override
    String first() {
      return keys.length == 0 ? "" : keys[0];
    }

    @Override
    @Nullable Object get(String key) {
      int at = Arrays.binarySearch(keys, key);
      return at < 0 ? null : values[at];
    }

    @Override
    Leaf with(String key, Object value) {
      int at = Arrays.binarySearch(keys, key);
      if (at >= 0) {
        Object[] changed = values.clone();
        changed[at] = value;
        return new Leaf(keys, changed);
      }
      int gap = -at - 1;
      String[] moreKeys = Arrays.copyOf(keys, keys.length + 1);
      Object[] moreValues = Arrays.copyOf(values, values.length + 1);
      System.arraycopy(keys, gap, moreKeys, gap + 1, keys.length - gap);
      System.arraycopy(values, gap, moreValues, gap + 1, values.length - gap);
      moreKeys[gap] = key;
      moreValues[gap] = value;
      return new Leaf(moreKeys, moreValues);
    }

    @Override
    Leaf without(String key) {
      int at = Arrays.binarySearch(keys, key);
      return at < 0 ? this : part(0, at).joined(part(at + 1, keys.length));
    }

    @Override
    int rank(String key) {
      int at = Arrays.binarySearch(keys, key);
      return at < 0 ? -at - 1 : at;
    }

    @Override
    void find(int index, Values<?> place) {
      place.leaf = values;
      place.at = index;
    }

    @Override
    Leaf part(int from, int to) {
      return new Leaf(Arrays.copyOfRange(keys, from, to), Arrays.copyOfRange(values, from, to));
    }

    @Override
    Leaf joined(Node right) {
      Leaf other = (Leaf) right;
      String[] allKeys = Arrays.copyOf(keys, keys.length + other.keys.length);
      Object[] allValues = Arrays.copyOf(values, allKeys.length);
      System.arraycopy(other.keys, 0, allKeys, keys.length, other.keys.length);
      System.arraycopy(other.values, 0, allValues, keys.length, other.keys.length);
      return new Leaf(allKeys, allValues);
    }

    @Override
    void check(boolean root) {
      require(root || keys.length >= LEAST, "too few entries");
      require(keys.length <= LIMIT, "too many entries");
      for (int i = 1; i < keys.length; i++) {
        require(keys[i - 1].compareTo(keys[i]) < 0, "keys out of order");
      }
    }
  }

  private static final class Inner extends Node {
    /** The first key below each child, as it was when the child was made. */
    private final String[] firsts;

    private final Node[] children;

    /** How many entries lie below the children up to and with each. */
    private final int[] ends;

    private Inner(String[] firsts, Node[] children, int[] ends) {
      this.firsts = firsts;
      this.children = children;
      this.ends = ends;
    }

    static Inner of(Node[] children) {
      String[] firsts = new String[children.length];
      int[] ends = new int[children.length];
      int end = 0;
      for (int i = 0; i < children.length; i++) {
        firsts[i] = children[i].first();
        end += children[i].size();
        ends[i] = end;
      }
      return new Inner(firsts, children, ends);
    }

    Node child(int index) {
      return children[index];
    }

    private int slotOf(String key) {
      int at = Arrays.binarySearch(firsts, key);
      return at >= 0 ? at : Math.max(0, -at - 2);
    }

    @Override
    int slots() {
      return children.length;
    }

    @Override
    int size() {
      return ends[ends.length - 1];
    }

    @Override
    String first() {
      return firsts[0];
    }

    @Override
    @Nullable Object get(String key) {
      return children[slotOf(key)].get(key);
    }

    @Override
    Node with(String key, Object value) {
      int slot = slotOf(key);
      Node child = children[slot].with(key, value);
      return child.slots() <= LIMIT
          ? replaced(slot, slot + 1, child)
          : replaced(slot, slot + 1, child.halves());
    }

    @Override
    Node without(String key) {
      int slot = slotOf(key);
      Node child = children[slot].without(key);
      if (child == children[slot]) {
        return this;
      }
      if (child.slots() >= LEAST) {
        return replaced(slot, slot + 1, child);
      }
      int left = slot > 0 ? slot - 1 : slot;
      Node both = slot > 0 ? children[left].joined(child) : child.joined(children[slot + 1]);
      return both.slots() <= LIMIT
          ? replaced(left, left + 2, both)
          : replaced(left, left + 2, both.halves());
    }

    /** This node with {@code fresh} in place of the children from {@code from} to {@code to}. */
    private Inner replaced(int from, int to, Node... fresh) {
      Node[] changed = new Node[children.length - (to - from) + fresh.length];
      System.arraycopy(children, 0, changed, 0, from);
      System.arraycopy(fresh, 0, changed, from, fresh.length);
      System.arraycopy(children, to, changed, from + fresh.length, children.length - to);
      return of(changed);
    }

    @Override
    int rank(String key) {
      int slot = slotOf(key);
      return (slot == 0 ? 0 : ends[slot - 1]) + children[slot].rank(key);
    }

    @Override
    void find(int index, Values<?> place) {
      int at = Arrays.binarySearch(ends, index);
      int slot = at >= 0 ? at + 1 : -at - 1;
      children[slot].find(slot == 0 ? index : index - ends[slot - 1], place);
    }

    @Override
    Inner part(int from, int to) {
      return of(Arrays.copyOfRange(children, from, to));
    }

    @Override
    Inner joined(Node right) {
      return replaced(children.length, children.length, ((Inner) right).children);
    }

    @Override
    void check(boolean root) {
      require(children.length >= (root ? 2 : LEAST), "too few children");
      require(children.length <= LIMIT, "too many children");
      int size = 0;
      for (int i = 0; i < children.length; i++) {
        children[i].check(false);
        size += children[i].size();
        require(ends[i] == size, "wrong size of child " + i);
        require(firsts[i].equals(children[i].first()), "wrong first key of child " + i);
        require(i == 0 || firsts[i - 1].compareTo(firsts[i]) < 0, "children out of order");
      }
    }
  }

  /** Walks a range of ranks, going down from the root once for each leaf. */
  private static final class Values<V> implements Spliterator<V> {
    private final Node root;
    private final int end;
    private int next;
    private Object[] leaf = new Object[0];
    private int at;

    Values(Node root, int from, int to) {
      this.root = root;
      this.next = from;
      this.end = to;
    }

    @Override
    @SuppressWarnings("unchecked") // The tree is one of V.
    public boolean tryAdvance(Consumer<? super V> action) {
      if (next >= end) {
        return false;
      }
      if (at >= leaf.length) {
        root.find(next, this);
      }
      next++;
      action.accept((V) leaf[at++]);
      return true;
    }

    @Override
    public void forEachRemaining(Consumer<? super V> action) {
      while (tryAdvance(action)) {
        // tryAdvance does the work.
      }
    }

    @Override
    public @Nullable Spliterator<V> trySplit() {
      return null;
    }

    @Override
    public long estimateSize() {
      return (long) end - next;
    }

    @Override
    public int characteristics() {
      return ORDERED | IMMUTABLE | NONNULL | SIZED;
    }
  }
}
