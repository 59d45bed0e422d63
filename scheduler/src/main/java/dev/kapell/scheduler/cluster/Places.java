package dev.kapell.scheduler.cluster;

import dev.kapell.api.core.v1.Node;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where pods are counted: the nodes of one group, by their domains of one topology key. A domain
 * exists when it has a node of the group. Kept once for all tallies of both, so that a tally that
 * is new need not look at the nodes. One thread's.
 */
final class Places {
  private final Domains domains;
  private final NodeGroup group;
  private final BitSet rows = new BitSet();
  private final Set<Tally> tallies = new LinkedHashSet<>();
  private int[] nodes = new int[4];
  private int domainCount;

  Places(Domains domains, NodeGroup group) {
    this.domains = domains;
    this.group = group;
  }

  Domains domains() {
    return domains;
  }

  /** Whether the row's node is of the group and in a domain. */
  boolean has(int row) {
    return rows.get(row);
  }

  /** How many domains there are. */
  int domainCount() {
    return domainCount;
  }

  /** One more than the highest number that a domain has had. */
  int numbers() {
    return nodes.length;
  }

  /** A tally of no pods, which from now on hears of domains that come and go. */
  Tally start(Counted counted) {
    Tally tally = new Tally(counted, this);
    tallies.add(tally);
    return tally;
  }

  /** The tally need not hear of domains any more. True when it was the last. */
  boolean end(Tally tally) {
    tallies.remove(tally);
    return tallies.isEmpty();
  }

  /** The row has a node; to be called before its pods are added. */
  void enter(int row, Node node) {
    int domain = domains.of(row);
    if (domain == Domains.NONE || !group.includes(node)) {
      return;
    }
    if (domain >= nodes.length) {
      nodes = Arrays.copyOf(nodes, Math.max(domain + 1, nodes.length * 2));
    }
    rows.set(row);
    if (nodes[domain]++ == 0) {
      domainCount++;
      tallies.forEach(tally -> tally.appeared(domain));
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
      domainCount--;
      tallies.forEach(tally -> tally.vanished(domain));
    }
  }
}
