package dev.kapell.scheduler.cluster;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.HostPort;
import dev.kapell.scheduler.demand.Kin;
import dev.kapell.scheduler.demand.PlacedTerm;
import dev.kapell.scheduler.demand.PodTerm;
import dev.kapell.scheduler.demand.ResourceNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Nodes as rows of arrays, and the pods placed on them. A row keeps its number for the node's whole
 * life; numbers of nodes that are gone are used again. A journal tells which rows changed since
 * when, so that answers can be kept and put right by difference. One thread's.
 */
public final class Cluster {
  /** So many rows that follow each other are a block: it begins at a multiple of this. */
  public static final int BLOCK = Integer.SIZE;

  private static final long[] NOTHING = {};

  private Follower follower = (placed, sign) -> {};
  private final ResourceNames names;
  private final Function<String, Map<String, String>> namespaceLabels;
  private final Map<String, Integer> rowByName = new HashMap<>();
  private final List<Integer> free = new ArrayList<>();
  private final Map<String, Placed> placedByUid = new HashMap<>();

  /** Pods that are bound to a node that is not (yet) known. */
  private final Map<String, Map<String, Pod>> waiting = new HashMap<>();

  private @Nullable Node[] nodes = new Node[16];
  private long[][] allocatable = new long[16][];
  private long[][] requested = new long[16][];
  private long[] usualCpuMilli = new long[16];
  private long[] usualMemoryBytes = new long[16];
  private final List<Map<String, Placed>> pods = new ArrayList<>();
  private final Journal journal = new Journal();
  private final Images images = new Images();
  private final Nominations nominations = new Nominations();
  private final Map<ObjectKey, Integer> claimUsers = new HashMap<>();
  private final Tallies tallies;
  private int rows;
  private boolean trying;

  /** No node yet. */
  public Cluster(ResourceNames names) {
    this(names, namespace -> Map.of());
  }

  /**
   * No node yet.
   *
   * @param namespaceLabels the labels of a namespace, empty when it is not known
   */
  public Cluster(ResourceNames names, Function<String, Map<String, String>> namespaceLabels) {
    this.names = names;
    this.namespaceLabels = namespaceLabels;
    this.tallies = new Tallies(this, namespaceLabels);
  }

  /** Hears of every pod that takes up room (1) or gives it back (-1), in trials too. */
  @FunctionalInterface
  public interface Follower {
    /** The pod counts {@code sign} times more. */
    void changed(Placed placed, int sign);
  }

  /** From now on {@code one} hears of every pod. */
  public void follow(Follower one) {
    this.follower = one;
  }

  /** The resource names of the columns. */
  public ResourceNames names() {
    return names;
  }

  /** One more than the highest row in use. */
  public int rows() {
    return rows;
  }

  /** How many nodes there are. */
  public int nodeCount() {
    return rowByName.size();
  }

  /** The node of a row; null when the row is free. */
  public @Nullable Node node(int row) {
    return nodes[row];
  }

  /** The node of a row in use. */
  public Node nodeOf(int row) {
    return Objects.requireNonNull(nodes[row]);
  }

  /** The row of a node. */
  public Optional<Integer> row(String name) {
    return Optional.ofNullable(rowByName.get(name));
  }

  /** What a node can give of a resource. */
  public long allocatable(int row, int column) {
    return at(allocatable[row], column);
  }

  /** What the pods on a node ask for of a resource. */
  public long requested(int row, int column) {
    return at(requested[row], column);
  }

  /** The same with usual amounts for pods that ask for none, to compare nodes with. */
  public long usualCpuMilli(int row) {
    return usualCpuMilli[row];
  }

  /** As {@link #usualCpuMilli}. */
  public long usualMemoryBytes(int row) {
    return usualMemoryBytes[row];
  }

  /** The pods on a node. */
  public Collection<Placed> pods(int row) {
    return Collections.unmodifiableCollection(pods.get(row).values());
  }

  /** The pod with this uid, if it has a place. */
  public Optional<Placed> placed(String uid) {
    return Optional.ofNullable(placedByUid.get(uid));
  }

  /** How many of some pods are where; it changes as pods come and go. */
  public Tally tally(Counted.Matching counted, String topologyKey, NodeGroup group) {
    return tallies.of(counted, topologyKey, group);
  }

  /** The terms of placed pods that are about pods like these, with where they are stated. */
  public Map<PlacedTerm, Tally> termsAbout(Kin kin) {
    return tallies.concerning(kin);
  }

  /** Whether a term is about pods like these. */
  public boolean isAbout(PodTerm term, Kin kin) {
    return term.isAbout(kin.namespace(), kin.labels(), namespaceLabels);
  }

  /** The bytes of an image that is on the row's node, by the share of nodes that have it. */
  public double weightedImageBytes(String image, int row) {
    return images.weightedBytes(image, row, nodeCount());
  }

  /** How many placed pods use a claim. */
  public int claimUsers(ObjectKey claim) {
    return claimUsers.getOrDefault(claim, 0);
  }

  /** Calls {@code each} with every row in use. */
  public void forEachRow(IntConsumer each) {
    for (int row = 0; row < rows; row++) {
      if (nodes[row] != null) {
        each.accept(row);
      }
    }
  }

  /** A node is new or has changed. */
  public void putNode(Node node) {
    String name = node.metadata().nameOr("");
    Integer known = rowByName.get(name);
    int row = known == null ? newRow() : known;
    Node before = nodes[row];
    boolean moved = before == null || !isSamePlace(before, node);
    if (before != null) {
      images.remove(row, before.status().images());
      if (moved) {
        tallies.leave(row, pods(row));
      }
    }
    nodes[row] = node;
    allocatable[row] = names.columns(node.status().allocatable());
    rowByName.put(name, row);
    images.add(row, node.status().images());
    if (moved) {
      tallies.enter(row, node, pods(row));
    }
    changed(row);
    Map<String, Pod> early = waiting.remove(name);
    if (early != null) {
      early.values().forEach(this::putPod);
    }
  }

  /** Whether pods on it count the same. */
  private static boolean isSamePlace(Node one, Node other) {
    return one.metadata().labels().equals(other.metadata().labels())
        && one.spec().taints().equals(other.spec().taints());
  }

  /** A node is gone; its pods wait for it to come back or to go themselves. */
  public void removeNode(String name) {
    Integer row = rowByName.get(name);
    if (row == null) {
      return;
    }
    for (Placed placed : List.copyOf(pods.get(row).values())) {
      take(placed);
      waitingOn(name).put(placed.uid(), placed.pod());
    }
    tallies.leave(row, List.of());
    images.remove(row, nodeOf(row).status().images());
    nominations.removeRow(row);
    rowByName.remove(name);
    nodes[row] = null;
    allocatable[row] = NOTHING;
    free.add(row);
    changed(row);
  }

  /** The labels of a namespace changed. */
  public void namespacesChanged() {
    tallies.namespacesChanged();
  }

  /** A node is being cleared for a pod: others count it as if it were there. */
  public void nominate(Pod pod, Demand demand, int row) {
    unnominate(pod.metadata().uidOr(""));
    nominations.put(new Placed(pod, demand, row, false));
    changed(row);
  }

  /** That is over. */
  public void unnominate(String uid) {
    Integer row = nominations.remove(uid);
    if (row != null) {
      changed(row);
    }
  }

  /** The pods for which the row's node is being cleared. */
  public List<Placed> nominated(int row) {
    return nominations.of(row);
  }

  /** The row that is being cleared for a pod. */
  public Optional<Integer> nominatedRow(String uid) {
    return Optional.ofNullable(nominations.row(uid));
  }

  /** Whether any node is being cleared. */
  public boolean hasNominations() {
    return !nominations.isEmpty();
  }

  /**
   * Runs {@code trial}, which may place and remove pods and leaves everything as it found it: no
   * row counts as changed.
   */
  public <T> T trying(Supplier<T> trial) {
    boolean before = trying;
    trying = true;
    try {
      return trial.get();
    } finally {
      trying = before;
    }
  }

  /** A pod that is bound to a node is new or has changed. */
  public void putPod(Pod pod) {
    String uid = pod.metadata().uidOr("");
    Integer row = rowByName.get(pod.spec().nodeNameOr(""));
    Placed before = placedByUid.get(uid);
    if (before != null) {
      take(before);
    }
    if (row == null) {
      waitingOn(pod.spec().nodeNameOr("")).put(uid, pod);
    } else {
      give(new Placed(pod, Demand.of(pod, names), row, true));
    }
  }

  /** A pod gets a place before the server knows. */
  public void assume(Pod pod, Demand demand, int row) {
    give(new Placed(pod, demand, row, false));
  }

  /**
   * The server knows of a place that was assumed. Labels that it has got meanwhile (a binding adds
   * those of the node's zone) count from now on. False when that cannot be: then it is a change
   * like others.
   */
  public boolean confirm(Pod pod) {
    Placed assumed = placedByUid.get(pod.metadata().uidOr(""));
    if (assumed == null
        || assumed.confirmed()
        || pod.metadata().deletionTimestamp() != null
        || !nodeOf(assumed.row()).metadata().nameOr("").equals(pod.spec().nodeNameOr(""))) {
      return false;
    }
    Map<String, String> labels = pod.metadata().labels();
    if (assumed.demand().labels().equals(labels)) {
      replace(new Placed(pod, assumed.demand(), assumed.row(), true));
    } else {
      relabel(assumed, new Placed(pod, assumed.demand().withLabels(labels), assumed.row(), true));
    }
    return true;
  }

  /** What it takes of its node stays as it was. */
  private void relabel(Placed before, Placed after) {
    placedByUid.put(after.uid(), after);
    pods.get(after.row()).put(after.uid(), after);
    tallies.take(before);
    tallies.give(after);
    follower.changed(before, -1);
    follower.changed(after, 1);
  }

  /** A pod that counts as it did: the record that it was before need not be kept any longer. */
  public void refresh(Pod pod) {
    Placed before = placedByUid.get(pod.metadata().uidOr(""));
    if (before != null) {
      replace(new Placed(pod, before.demand(), before.row(), before.confirmed()));
    }
  }

  private void replace(Placed placed) {
    placedByUid.put(placed.uid(), placed);
    pods.get(placed.row()).put(placed.uid(), placed);
    tallies.replace(placed);
  }

  /** A pod that was removed is back where it was. */
  public void restore(Placed placed) {
    give(placed);
  }

  /** A pod no longer takes up room. True when it did. */
  public boolean removePod(Pod pod) {
    String uid = pod.metadata().uidOr("");
    Map<String, Pod> early = waiting.get(pod.spec().nodeNameOr(""));
    if (early != null && early.remove(uid) != null && early.isEmpty()) {
      waiting.remove(pod.spec().nodeNameOr(""));
    }
    Placed placed = placedByUid.get(uid);
    if (placed != null) {
      take(placed);
    }
    return placed != null;
  }

  /** A point in the journal; what changes from now on comes after it. */
  public long now() {
    return journal.now();
  }

  /** Calls {@code each} with every row that changed since; false when that is no longer known. */
  public boolean changedSince(long point, IntConsumer each) {
    return journal.since(point, each);
  }

  private Map<String, Pod> waitingOn(String node) {
    return waiting.computeIfAbsent(node, n -> new LinkedHashMap<>());
  }

  private void give(Placed placed) {
    placedByUid.put(placed.uid(), placed);
    pods.get(placed.row()).put(placed.uid(), placed);
    tallies.give(placed);
    useClaims(placed.demand(), 1);
    account(placed, 1);
    follower.changed(placed, 1);
  }

  private void take(Placed placed) {
    placedByUid.remove(placed.uid());
    pods.get(placed.row()).remove(placed.uid());
    tallies.take(placed);
    useClaims(placed.demand(), -1);
    account(placed, -1);
    follower.changed(placed, -1);
  }

  private void useClaims(Demand demand, int difference) {
    for (String claim : demand.claims()) {
      claimUsers.merge(
          new ObjectKey(demand.namespace(), claim),
          difference,
          (one, other) -> one + other == 0 ? null : one + other);
    }
  }

  private void account(Placed placed, int sign) {
    int row = placed.row();
    Demand demand = placed.demand();
    if (requested[row].length < demand.columns()) {
      requested[row] = Arrays.copyOf(requested[row], demand.columns());
    }
    for (int column = 0; column < demand.columns(); column++) {
      requested[row][column] += sign * demand.request(column);
    }
    usualCpuMilli[row] += sign * demand.usualCpuMilli();
    usualMemoryBytes[row] += sign * demand.usualMemoryBytes();
    changed(row);
  }

  /** Whether one of these ports is taken on the node. */
  public boolean isPortTaken(int row, List<HostPort> wanted) {
    for (Placed placed : pods.get(row).values()) {
      for (HostPort taken : placed.demand().ports()) {
        for (HostPort port : wanted) {
          if (port.conflictsWith(taken)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private int newRow() {
    if (!free.isEmpty()) {
      int row = free.removeLast();
      requested[row] = NOTHING;
      return row;
    }
    if (rows == nodes.length) {
      int larger = rows * 2;
      nodes = Arrays.copyOf(nodes, larger);
      allocatable = Arrays.copyOf(allocatable, larger);
      requested = Arrays.copyOf(requested, larger);
      usualCpuMilli = Arrays.copyOf(usualCpuMilli, larger);
      usualMemoryBytes = Arrays.copyOf(usualMemoryBytes, larger);
    }
    requested[rows] = NOTHING;
    pods.add(new LinkedHashMap<>());
    return rows++;
  }

  private void changed(int row) {
    if (!trying) {
      journal.add(row);
    }
  }

  private static long at(long[] row, int column) {
    return column < row.length ? row[column] : 0;
  }
}
