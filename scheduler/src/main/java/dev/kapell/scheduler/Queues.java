package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import dev.kapell.scheduler.share.Definitions;
import dev.kapell.scheduler.share.Queue;
import dev.kapell.scheduler.share.Shares;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Queues at work: follows their definitions and what their pods have, holds back what is beyond a
 * limit, and claims back what others have borrowed. The scheduler's thread's.
 */
final class Queues {
  static final ObjectKey DEFINED_IN = new ObjectKey("kube-system", "scheduling-queues");

  private final LoopContext context;
  private final Cluster cluster;
  private final Cache<ConfigMap> definitions;
  private final Shares shares;
  private Set<String> names = Set.of();

  Queues(LoopContext context, Cluster cluster) {
    this.context = context;
    this.cluster = cluster;
    this.shares = new Shares(cluster.names());
    this.definitions = definitions(context.caches());
    cluster.follow((placed, sign) -> shares.account(of(placed.demand()), placed.demand(), sign));
  }

  /** Where queues are defined. */
  static Cache<ConfigMap> definitions(Caches caches) {
    return caches.of(
        Types.CONFIG_MAP,
        ListQuery.in(DEFINED_IN.namespace()).fields("metadata.name=" + DEFINED_IN.name()));
  }

  /** What {@code definitions} say. */
  static Definitions read(Cache<ConfigMap> definitions) {
    return definitions
        .find(DEFINED_IN)
        .map(map -> Definitions.read(map.data()))
        .orElse(Definitions.NONE);
  }

  void onChange(Runnable changed) {
    definitions.onChange((before, after) -> changed.run());
  }

  private static String of(Demand demand) {
    return demand.labels().getOrDefault(BatchMarks.QUEUE, "");
  }

  /** Whether two pods belong to different queues. */
  static boolean areApart(Demand one, Demand other) {
    return !of(one).isEmpty() && !of(other).isEmpty() && !of(one).equals(of(other));
  }

  /** Reads the definitions anew; what cannot be read is told where it stands. */
  void refresh() {
    Definitions read = read(definitions);
    names.forEach(shares::remove);
    read.queues().forEach(shares::define);
    names = read.queues().stream().map(Queue::name).collect(Collectors.toSet());
    nodesChanged();
    definitions
        .find(DEFINED_IN)
        .ifPresent(
            map ->
                read.problems()
                    .forEach(p -> context.events().record(map, true, "InvalidQueue", p)));
  }

  /** What there is to share may have changed. */
  void nodesChanged() {
    if (shares.isEmpty()) {
      return;
    }
    shares.total(total(cluster));
  }

  /** What all nodes have together, by column. */
  static long[] total(Cluster cluster) {
    long[] total = new long[cluster.names().size()];
    cluster.forEachRow(
        row -> {
          for (int column = 0; column < total.length; column++) {
            total[column] += cluster.allocatable(row, column);
          }
        });
    return total;
  }

  /** How much a queue has; the less, the sooner it is its turn. */
  double share(String queue) {
    return shares.share(queue);
  }

  /** Why the pod is not looked at now. */
  Optional<String> refusal(Demand demand) {
    String queue = of(demand);
    if (queue.isEmpty()) {
      return Optional.empty();
    }
    if (shares.find(queue).isEmpty()) {
      Set<String> known = new HashSet<>(names);
      return Optional.of(
          "queue \""
              + queue
              + "\" is not defined in ConfigMap "
              + DEFINED_IN
              + (known.isEmpty()
                  ? ", which defines none"
                  : "; there are: " + known.stream().sorted().collect(Collectors.joining(", "))));
    }
    return shares
        .exceeded(queue, demand)
        .map(
            resource ->
                "queue \""
                    + queue
                    + "\" would exceed its limit of "
                    + resource
                    + "; the pod waits until another of the queue ends");
  }

  /**
   * Which pods of queues that have borrowed have to go for one that stays within what its queue is
   * entitled to.
   */
  Optional<Preemption.Choice> reclaim(Demand demand, BitSet rows, Profile profile, View view) {
    String queue = of(demand);
    if (queue.isEmpty() || !shares.isEntitled(queue, demand)) {
      return Optional.empty();
    }
    Preemption claiming =
        new Preemption(
            profile.plugins(),
            view,
            Profile.PreemptionArguments.DEFAULT,
            (wanted, placed) ->
                areApart(placed.demand(), wanted)
                    && shares.isBorrowing(of(placed.demand()), wanted));
    return claiming.choose(demand, rows);
  }
}
