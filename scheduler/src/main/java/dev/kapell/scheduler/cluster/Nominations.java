package dev.kapell.scheduler.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods for which a node is being cleared, by the row of that node. One thread's. */
final class Nominations {
  private final Map<Integer, Map<String, Placed>> byRow = new HashMap<>();
  private final Map<String, Integer> rowByUid = new HashMap<>();

  void put(Placed placed) {
    remove(placed.uid());
    byRow.computeIfAbsent(placed.row(), row -> new LinkedHashMap<>()).put(placed.uid(), placed);
    rowByUid.put(placed.uid(), placed.row());
  }

  /** The row that it was nominated for; null when it was for none. */
  @Nullable Integer remove(String uid) {
    Integer row = rowByUid.remove(uid);
    if (row != null) {
      Map<String, Placed> there = byRow.get(row);
      if (there != null && there.remove(uid) != null && there.isEmpty()) {
        byRow.remove(row);
      }
    }
    return row;
  }

  /** Those for one row, or none. */
  List<Placed> of(int row) {
    Map<String, Placed> there = byRow.get(row);
    return there == null ? List.of() : List.copyOf(there.values());
  }

  /** The row of a pod's nomination. */
  @Nullable Integer row(String uid) {
    return rowByUid.get(uid);
  }

  boolean isEmpty() {
    return byRow.isEmpty();
  }

  Collection<Placed> all() {
    List<Placed> all = new ArrayList<>();
    byRow.values().forEach(there -> all.addAll(there.values()));
    return all;
  }

  void removeRow(int row) {
    Map<String, Placed> there = byRow.remove(row);
    if (there != null) {
      there.keySet().forEach(rowByUid::remove);
    }
  }
}
