package dev.kapell.scheduler.cluster;

import dev.kapell.api.core.v1.Node;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.Kin;
import dev.kapell.scheduler.demand.PlacedTerm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Placed pods counted by place, for whoever asks: a tally is counted when it is first asked for,
 * and from then on kept up to date as pods and nodes come and go. Those asked for longest ago are
 * forgotten. Terms that placed pods state themselves are always counted. One thread's.
 */
final class Tallies {
  private static final int ASKED_LIMIT = 1_024;

  private record Where(String topologyKey, NodeGroup group) {}

  private record Key(Counted.Matching counted, String topologyKey, NodeGroup group) {}

  /** Pods that selectors cannot tell apart, and the tallies that count them. */
  private static final class Family {
    final Map<String, Placed> pods = new HashMap<>();
    final List<Tally> countedBy = new ArrayList<>();
    final List<PlacedTerm> concernedBy = new ArrayList<>();
    long askedEpoch = -1;
    long statedEpoch = -1;
  }

  private final Cluster cluster;
  private final Function<String, Map<String, String>> namespaceLabels;
  private final Map<String, Domains> domains = new HashMap<>();
  private final Map<Where, Places> places = new LinkedHashMap<>();
  private final LinkedHashMap<Key, Tally> asked = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<PlacedTerm, Tally> stated = new HashMap<>();
  private final Map<Kin, Family> families = new HashMap<>();
  private final Needing<Tally> askedAbout = new Needing<>();
  private final Needing<PlacedTerm> statedAbout = new Needing<>();
  private final Labelled<Kin> kins = new Labelled<>();
  private long askedEpoch;
  private long statedEpoch;

  Tallies(Cluster cluster, Function<String, Map<String, String>> namespaceLabels) {
    this.cluster = cluster;
    this.namespaceLabels = namespaceLabels;
  }

  /** The tally; counted anew when nobody asked for it lately. */
  Tally of(Counted.Matching counted, String topologyKey, NodeGroup group) {
    Key key = new Key(counted, topologyKey, group);
    Tally known = asked.get(key);
    if (known != null) {
      return known;
    }
    if (asked.size() >= ASKED_LIMIT) {
      forgetEldest();
    }
    Tally tally = start(counted, topologyKey, group);
    Map<String, String> needed = counted.needed();
    for (Kin kin : kins.having(needed)) {
      Family family = families.get(kin);
      if (family != null && counted.isAbout(kin, namespaceLabels)) {
        family.countedBy.add(tally);
        family.pods.values().forEach(placed -> tally.count(placed, 1));
      }
    }
    asked.put(key, tally);
    askedAbout.add(tally, needed);
    return tally;
  }

  private void forgetEldest() {
    Iterator<Map.Entry<Key, Tally>> eldest = asked.entrySet().iterator();
    Map.Entry<Key, Tally> gone = eldest.next();
    eldest.remove();
    forget(gone.getKey(), gone.getValue());
  }

  private void forget(Key key, Tally tally) {
    tally.forget();
    askedAbout.remove(tally);
    end(tally, key.topologyKey(), key.group());
    askedEpoch++;
  }

  private Tally start(Counted counted, String topologyKey, NodeGroup group) {
    return places.computeIfAbsent(new Where(topologyKey, group), this::placesOf).start(counted);
  }

  private Places placesOf(Where where) {
    Places fresh = new Places(use(where.topologyKey()), where.group());
    cluster.forEachRow(row -> fresh.enter(row, cluster.nodeOf(row)));
    return fresh;
  }

  private void end(Tally tally, String topologyKey, NodeGroup group) {
    if (tally.places().end(tally)) {
      places.remove(new Where(topologyKey, group));
      release(topologyKey);
    }
  }

  private Domains use(String topologyKey) {
    Domains found =
        domains.computeIfAbsent(
            topologyKey,
            key -> {
              Domains fresh = new Domains();
              cluster.forEachRow(
                  row -> fresh.enter(row, cluster.nodeOf(row).metadata().labels().get(key)));
              return fresh;
            });
    found.use();
    return found;
  }

  private void release(String topologyKey) {
    Domains used = domains.get(topologyKey);
    if (used != null && used.release()) {
      domains.remove(topologyKey);
    }
  }

  /** The terms of placed pods that are about such pods, with where they are stated. */
  Map<PlacedTerm, Tally> concerning(Kin kin) {
    if (stated.isEmpty()) {
      return Map.of();
    }
    Family family = families.get(kin);
    List<PlacedTerm> terms = family == null ? concernedBy(kin) : upToDate(family, kin).concernedBy;
    Map<PlacedTerm, Tally> found = new LinkedHashMap<>();
    for (PlacedTerm term : terms) {
      Tally tally = stated.get(term);
      if (tally != null) {
        found.put(term, tally);
      }
    }
    return found;
  }

  private Family upToDate(Family family, Kin kin) {
    if (family.statedEpoch != statedEpoch) {
      family.concernedBy.clear();
      family.concernedBy.addAll(concernedBy(kin));
      family.statedEpoch = statedEpoch;
    }
    return family;
  }

  private List<PlacedTerm> concernedBy(Kin kin) {
    List<PlacedTerm> terms = new ArrayList<>();
    for (PlacedTerm term : statedAbout.about(kin.labels())) {
      if (term.pods().isAbout(kin.namespace(), kin.labels(), namespaceLabels)) {
        terms.add(term);
      }
    }
    return terms;
  }

  /** Whether some placed pod states such a term. */
  boolean hasStated() {
    return !stated.isEmpty();
  }

  void give(Placed placed) {
    Demand demand = placed.demand();
    Family family = families.computeIfAbsent(demand.kin(), this::found);
    family.pods.put(placed.uid(), placed);
    count(family, placed, 1);
    for (PlacedTerm term : demand.terms()) {
      Tally tally = stated.get(term);
      if (tally == null) {
        tally = start(new Counted.Stating(term), term.topologyKey(), NodeGroup.ALL);
        stated.put(term, tally);
        statedAbout.add(term, term.pods().neededLabels());
        statedEpoch++;
      }
      tally.add(placed.row(), 1);
    }
  }

  private Family found(Kin kin) {
    Family family = new Family();
    family.askedEpoch = askedEpoch;
    kins.add(kin, kin.labels());
    for (Tally tally : askedAbout.about(kin.labels())) {
      if (tally.counted() instanceof Counted.Matching matching
          && matching.isAbout(kin, namespaceLabels)) {
        family.countedBy.add(tally);
      }
    }
    return family;
  }

  /** The same pod at the same place, as it is now. */
  void replace(Placed placed) {
    Family family = families.get(placed.demand().kin());
    if (family != null) {
      family.pods.replace(placed.uid(), placed);
    }
  }

  void take(Placed placed) {
    Kin kin = placed.demand().kin();
    Family family = families.get(kin);
    if (family != null) {
      count(family, placed, -1);
      family.pods.remove(placed.uid());
      if (family.pods.isEmpty()) {
        families.remove(kin);
        kins.remove(kin, kin.labels());
      }
    }
    for (PlacedTerm term : placed.demand().terms()) {
      unstate(term, placed);
    }
  }

  private void unstate(PlacedTerm term, Placed placed) {
    Tally tally = stated.get(term);
    if (tally == null) {
      return;
    }
    tally.add(placed.row(), -1);
    if (tally.total() == 0) {
      stated.remove(term);
      statedAbout.remove(term);
      end(tally, term.topologyKey(), NodeGroup.ALL);
      statedEpoch++;
    }
  }

  private void count(Family family, Placed placed, int sign) {
    if (family.askedEpoch != askedEpoch) {
      family.countedBy.removeIf(Tally::isForgotten);
      family.askedEpoch = askedEpoch;
    }
    for (Tally tally : family.countedBy) {
      tally.count(placed, sign);
    }
  }

  /** Before the node of a row changes or goes. */
  void leave(int row, Collection<Placed> pods) {
    each(row, pods, -1);
    places.values().forEach(those -> those.leave(row));
    domains.values().forEach(d -> d.leave(row));
  }

  /** After it has come or changed. */
  void enter(int row, Node node, Collection<Placed> pods) {
    domains.forEach((key, d) -> d.enter(row, node.metadata().labels().get(key)));
    places.values().forEach(those -> those.enter(row, node));
    each(row, pods, 1);
  }

  private void each(int row, Collection<Placed> pods, int sign) {
    for (Placed placed : pods) {
      Family family = families.get(placed.demand().kin());
      if (family != null) {
        count(family, placed, sign);
      }
      for (PlacedTerm term : placed.demand().terms()) {
        Tally tally = stated.get(term);
        if (tally != null) {
          tally.add(row, sign);
        }
      }
    }
  }

  /** A namespace's labels changed: what looks at them is counted anew. */
  void namespacesChanged() {
    asked
        .entrySet()
        .removeIf(
            entry -> {
              boolean stale = entry.getKey().counted().looksAtNamespaces();
              if (stale) {
                forget(entry.getKey(), entry.getValue());
              }
              return stale;
            });
    statedEpoch++;
  }
}
