package dev.kapell.scheduler.cluster;

import java.util.Arrays;

/**
 * How many of some pods are in each domain of a topology key, kept up to date by difference. A
 * domain exists when it has a node of the group. One thread's.
 */
public final class Tally {
  private final Counted counted;
  private final Places places;
  private final Domains domains;
  private int[] pods;

  /** How many domains there are with so many pods; the least number is kept at hand. */
  private int[] domainsWith = new int[8];

  private int fewest;
  private int total;
  private boolean forgotten;

  /** Of no pods yet. */
  Tally(Counted counted, Places places) {
    this.counted = counted;
    this.places = places;
    this.domains = places.domains();
    this.pods = new int[places.numbers()];
    domainsWith[0] = places.domainCount();
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

  Places places() {
    return places;
  }

  /** Whether the node of the row has the topology key. */
  public boolean hasDomain(int row) {
    return domains.of(row) != Domains.NONE;
  }

  /** The pods in the domain of a row; 0 when it is in none. */
  public int at(int row) {
    int domain = domains.of(row);
    return domain == Domains.NONE ? 0 : in(domain);
  }

  private int in(int domain) {
    return domain >= pods.length ? 0 : pods[domain];
  }

  /** The rows of a block, a bit for each, that are in a domain with at most {@code limit} pods. */
  public int rowsWithin(int limit, int block) {
    return domains.rows(block, domain -> in(domain) <= limit);
  }

  /** The fewest pods in any domain; 0 when there is no domain. */
  public int fewest() {
    if (domainCount() == 0) {
      return 0;
    }
    while (domainsWith[fewest] == 0) {
      fewest++;
    }
    return fewest;
  }

  /** How many domains there are. */
  public int domainCount() {
    return places.domainCount();
  }

  /** All pods counted. */
  public int total() {
    return total;
  }

  /** A domain has its first node. */
  void appeared(int domain) {
    if (domain >= pods.length) {
      pods = Arrays.copyOf(pods, Math.max(domain + 1, pods.length * 2));
    }
    pods[domain] = 0;
    becomes(0);
  }

  /** A domain has no node any more. */
  void vanished(int domain) {
    domainsWith[pods[domain]]--;
    fewest = 0;
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
    if (!places.has(row)) {
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
