package dev.kapell.scheduler.cluster;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.HostPort;
import dev.kapell.scheduler.demand.ResourceNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Nodes as rows of arrays, and the pods placed on them. A row keeps its number for the node's whole
 * life; numbers of nodes that are gone are used again. A journal tells which rows changed since
 * when, so that answers can be kept and put right by difference. One thread's.
 */
public final class Cluster {
  private static final int JOURNAL_LIMIT = 1 << 16;
  private static final long[] NOTHING = {};

  private final ResourceNames names;
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
  private int rows;
  private int repelling;

  private int[] journal = new int[256];
  private int journalSize;
  private long journalStart;

  /** No node yet. */
  public Cluster(ResourceNames names) {
    this.names = names;
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

  /** Whether some placed pod keeps others away by anti-affinity. */
  public boolean hasRepellingPods() {
    return repelling > 0;
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
    nodes[row] = node;
    allocatable[row] = names.columns(node.status().allocatable());
    rowByName.put(name, row);
    changed(row);
    Map<String, Pod> early = waiting.remove(name);
    if (early != null) {
      early.values().forEach(this::putPod);
    }
  }

  /** A node is gone; its pods wait for it to come back or to go themselves. */
  public void removeNode(String name) {
    Integer row = rowByName.remove(name);
    if (row == null) {
      return;
    }
    for (Placed placed : List.copyOf(pods.get(row).values())) {
      take(placed);
      waitingOn(name).put(placed.pod().metadata().uidOr(""), placed.pod());
    }
    nodes[row] = null;
    allocatable[row] = NOTHING;
    free.add(row);
    changed(row);
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
    return journalStart + journalSize;
  }

  /** Calls {@code each} with every row that changed since; false when that is no longer known. */
  public boolean changedSince(long point, IntConsumer each) {
    if (point < journalStart) {
      return false;
    }
    for (int i = (int) (point - journalStart); i < journalSize; i++) {
      each.accept(journal[i]);
    }
    return true;
  }

  private Map<String, Pod> waitingOn(String node) {
    return waiting.computeIfAbsent(node, n -> new LinkedHashMap<>());
  }

  private void give(Placed placed) {
    int row = placed.row();
    String uid = placed.pod().metadata().uidOr("");
    placedByUid.put(uid, placed);
    pods.get(row).put(uid, placed);
    account(placed, 1);
  }

  private void take(Placed placed) {
    String uid = placed.pod().metadata().uidOr("");
    placedByUid.remove(uid);
    pods.get(placed.row()).remove(uid);
    account(placed, -1);
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
    if (demand.affinity() != null && demand.affinity().podAntiAffinity() != null) {
      repelling += sign;
    }
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
    if (journalSize == JOURNAL_LIMIT) {
      // Half is forgotten; who is that far behind looks at every row anew.
      System.arraycopy(journal, JOURNAL_LIMIT / 2, journal, 0, JOURNAL_LIMIT / 2);
      journalStart += JOURNAL_LIMIT / 2;
      journalSize = JOURNAL_LIMIT / 2;
    } else if (journalSize == journal.length) {
      journal = Arrays.copyOf(journal, journalSize * 2);
    }
    journal[journalSize++] = row;
  }

  private static long at(long[] row, int column) {
    return column < row.length ? row[column] : 0;
  }
}
