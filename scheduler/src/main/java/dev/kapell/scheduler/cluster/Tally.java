package dev.kapell.scheduler.cluster;

import java.util.Arrays;
import java.util.BitSet;

/**
 * How many of some pods are in each domain of a topology key, kept up to date by difference. A
 * domain exists when it has a node of the group. One thread's.
 */
public final class Tally {
  private final Counted counted;
  private final Domains domains;
  private final NodeGroup group;
  private final BitSet rows = new BitSet();
  private int[] pods = new int[4];
  private int[] nodes = new int[4];

  /** How many domains there are with so many pods; the least number is kept at hand. */
  private int[] domainsWith = new int[8];

  private int domainCount;
  private int fewest;
  private int total;
  private boolean forgotten;

  Tally(Counted counted, Domains domains, NodeGroup group) {
    this.counted = counted;
    this.domains = domains;
    this.group = group;
  }

  Counted counted() {
    return counted;
  }

  /** It is kept up to date no more. */
  void forget() {
    forgotten = true;
  }

  boolean isForgotten() {
    return forgotten;
  }

  NodeGroup group() {
    return group;
  }

  /** Whether the node of the row has the topology key. */
  public boolean hasDomain(int row) {
    return domains.of(row) != Domains.NONE;
  }

  /** The pods in the domain of a row; 0 when it is in none. */
  public int at(int row) {
    int domain = domains.of(row);
    return domain == Domains.NONE || domain >= pods.length ? 0 : pods[domain];
  }

  /** The fewest pods in any domain; 0 when there is no domain. */
  public int fewest() {
    if (domainCount == 0) {
      return 0;
    }
    while (domainsWith[fewest] == 0) {
      fewest++;
    }
    return fewest;
  }

  /** How many domains there are. */
  public int domainCount() {
    return domainCount;
  }

  /** All pods counted. */
  public int total() {
    return total;
  }

  /** The row's node is of the group; to be called before its pods are added. */
  void enter(int row) {
    int domain = domains.of(row);
    if (domain == Domains.NONE) {
      return;
    }
    if (domain >= pods.length) {
      int larger = Math.max(domain + 1, pods.length * 2);
      pods = Arrays.copyOf(pods, larger);
      nodes = Arrays.copyOf(nodes, larger);
    }
    rows.set(row);
    if (nodes[domain]++ == 0) {
      pods[domain] = 0;
      domainCount++;
      becomes(0);
    }
  }

  /** The row's node is gone from the group; to be called after its pods were subtracted. */
  void leave(int row) {
    if (!rows.get(row)) {
      return;
    }
    rows.clear(row);
    int domain = domains.of(row);
    if (--nodes[domain] == 0) {
      domainsWith[pods[domain]]--;
      domainCount--;
      fewest = 0;
    }
  }

  /** One pod more or less, unless it does not count because it is being deleted. */
  void count(Placed placed, int sign) {
    boolean counts =
        !(counted instanceof Counted.Matching matching)
            || !matching.staying()
            || !placed.isLeaving();
    if (counts) {
      add(placed.row(), sign);
    }
  }

  void add(int row, int difference) {
    if (!rows.get(row)) {
      return;
    }
    int domain = domains.of(row);
    domainsWith[pods[domain]]--;
    pods[domain] += difference;
    total += difference;
    becomes(pods[domain]);
  }

  private void becomes(int count) {
    if (count >= domainsWith.length) {
      domainsWith = Arrays.copyOf(domainsWith, count * 2);
    }
    domainsWith[count]++;
    fewest = Math.min(fewest, count);
  }
}
