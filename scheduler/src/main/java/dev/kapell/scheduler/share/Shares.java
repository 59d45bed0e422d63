package dev.kapell.scheduler.share;

import dev.kapell.api.resource.Quantity;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who has how much of the cluster. Amounts are by the columns of {@link ResourceNames}. One
 * thread's.
 *
 * <p>The <b>share</b> of a queue is the largest part that it has of any resource, divided by its
 * weight: the queue with the smallest is next. What it is <b>entitled</b> to is its guarantee, or
 * without one the part of everything that its weight gives it beside the other queues. Beyond that
 * it borrows: it gets what nobody needs, and others may reclaim it.
 */
public final class Shares {
  private static final long[] NOTHING = {};

  private final ResourceNames names;
  private final Map<String, Queue> queues = new TreeMap<>();
  private final Map<String, long[]> used = new HashMap<>();
  private long[] total = NOTHING;

  /** No queue. */
  public Shares(ResourceNames names) {
    this.names = names;
  }

  /** The queue is new or has changed. */
  public void define(Queue queue) {
    queues.put(queue.name(), queue);
  }

  /** There is no such queue any more. */
  public void remove(String queue) {
    queues.remove(queue);
  }

  /** The queue of this name. */
  public Optional<Queue> find(String queue) {
    return Optional.ofNullable(queues.get(queue));
  }

  /** Whether there is any. */
  public boolean isEmpty() {
    return queues.isEmpty();
  }

  /** What all nodes have together. */
  public void total(long[] amounts) {
    total = amounts.clone();
  }

  /** A pod of a queue takes up room ({@code sign} 1), or gives it back (-1). */
  public void account(String queue, Demand demand, int sign) {
    if (queue.isEmpty()) {
      return;
    }
    long[] has = used.getOrDefault(queue, NOTHING);
    if (has.length < demand.columns()) {
      has = Arrays.copyOf(has, demand.columns());
    }
    for (int column = 0; column < demand.columns(); column++) {
      has[column] += sign * demand.request(column);
    }
    used.put(queue, has);
  }

  /** How much of a resource the pods of a queue have. */
  public long used(String queue, int column) {
    return at(used.getOrDefault(queue, NOTHING), column);
  }

  /** The dominant share by weight; the less, the sooner it is its turn. */
  public double share(String queue) {
    double most = part(queue, dominant(queue));
    Queue known = queues.get(queue);
    return known == null ? most : most / known.weight();
  }

  /** The column of which the queue has the largest part of all nodes. */
  private int dominant(String queue) {
    int dominant = 0;
    for (int column = 1; column < total.length; column++) {
      if (part(queue, column) > part(queue, dominant)) {
        dominant = column;
      }
    }
    return dominant;
  }

  private double part(String queue, int column) {
    long all = at(total, column);
    return all > 0 ? (double) used(queue, column) / all : 0;
  }

  /** What the pods of a queue have, for people to read. */
  public Standing.Use use(String queue) {
    Map<String, Quantity> amounts = new TreeMap<>();
    for (int column = 0; column < used.getOrDefault(queue, NOTHING).length; column++) {
      if (used(queue, column) > 0) {
        amounts.put(names.name(column), names.amount(column, used(queue, column)));
      }
    }
    int dominant = dominant(queue);
    double share = part(queue, dominant);
    long entitled = entitlement(queue, dominant);
    double ofEntitlement = entitled == 0 ? 0 : (double) used(queue, dominant) / entitled;
    return new Standing.Use(amounts, share > 0 ? names.name(dominant) : "", share, ofEntitlement);
  }

  /** Whether the queue stays within what it is entitled to with one more pod. */
  public boolean isEntitled(String queue, Demand demand) {
    for (int column = 0; column < demand.columns(); column++) {
      if (demand.request(column) > 0
          && used(queue, column) + demand.request(column) > entitlement(queue, column)) {
        return false;
      }
    }
    return queues.containsKey(queue);
  }

  /** Whether the queue has more than it is entitled to of something that {@code wanted} needs. */
  public boolean isBorrowing(String queue, Demand wanted) {
    for (int column = 0; column < wanted.columns(); column++) {
      if (wanted.request(column) > 0 && used(queue, column) > entitlement(queue, column)) {
        return true;
      }
    }
    return false;
  }

  /** The resource of which the queue would have more than it ever may; empty when all is well. */
  public Optional<String> exceeded(String queue, Demand demand) {
    Queue known = queues.get(queue);
    if (known == null || known.limit().isEmpty()) {
      return Optional.empty();
    }
    long[] limit = names.columns(known.limit());
    for (int column = 0; column < demand.columns(); column++) {
      boolean limited = known.limit().containsKey(names.name(column));
      if (limited && used(queue, column) + demand.request(column) > at(limit, column)) {
        return Optional.of(names.name(column));
      }
    }
    return Optional.empty();
  }

  /**
   * How much of a resource the queue may claim back; without a bound for what is no guarantee's.
   */
  long entitlement(String queue, int column) {
    Queue known = queues.get(queue);
    if (known == null) {
      return 0;
    }
    if (!known.guarantee().isEmpty()) {
      return known.guarantee().containsKey(names.name(column))
          ? at(names.columns(known.guarantee()), column)
          : Long.MAX_VALUE;
    }
    double weights = queues.values().stream().mapToDouble(Queue::weight).sum();
    return (long) (at(total, column) * known.weight() / weights);
  }

  private static long at(long[] amounts, int column) {
    return column < amounts.length ? amounts[column] : 0;
  }
}
